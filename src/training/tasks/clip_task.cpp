#include "training/tasks/clip_task.h"

#include <numeric>

#include "checkpoints/model_folder.h"
#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "ops/ops.h"
#include "text/prompt_chunks.h"
#include "training/losses/losses.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kComponent = "clip";
constexpr const char* kVocabularyFiles[] = {"vocab.json", "merges.txt", "tokenizer_config.json",
                                            "special_tokens_map.json"};

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[clip] " + what); }

void require_fit(const ClipConfig& clip, const ClipTokenizer& tokenizer, const BatchLoader& loader) {
  if (static_cast<int64_t>(tokenizer.vocab_size()) > clip.text.vocab_size)
    fail("the tokenizer has " + std::to_string(tokenizer.vocab_size()) +
         " tokens; text_encoder.vocab_size = " + std::to_string(clip.text.vocab_size));
  if (tokenizer.max_length() > clip.text.max_position_embeddings)
    fail("the tokenizer makes rows of " + std::to_string(tokenizer.max_length()) +
         "; text_encoder.max_position_embeddings = " + std::to_string(clip.text.max_position_embeddings));
  if (loader.picture_size(0).width_px != clip.vision.image_size)
    fail("resolution = " + std::to_string(loader.picture_size(0).width_px) +
         "; must be vision_model.image_size = " + std::to_string(clip.vision.image_size));
  if (loader.sampler().batch_size() < 2)
    fail("train_batch_size = 1; captions are told apart by comparison, so at least 2");
}

// What brings pictures to the -1..1 that training used.
nlohmann::json preprocessor_config(int64_t image_size) {
  return {{"image_processor_type", "CLIPImageProcessor"},
          {"do_resize", true},
          {"size", {{"shortest_edge", image_size}}},
          {"do_center_crop", true},
          {"crop_size", {{"height", image_size}, {"width", image_size}}},
          {"do_rescale", true},
          {"do_normalize", true},
          {"image_mean", {0.5, 0.5, 0.5}},
          {"image_std", {0.5, 0.5, 0.5}}};
}

}  // namespace

fs::path ClipTask::tokenizer_folder() const {
  const fs::path& folder = options_.start.tokenizer.empty() ? options_.start.model : options_.start.tokenizer;
  if (folder.empty()) fail("needs tokenizer, a folder with vocab.json and merges.txt, or model");
  return folder;
}

nlohmann::json ClipTask::new_config() const {
  nlohmann::json text = options_.text_encoder, vision = options_.vision_model;
  if (text.is_null() || vision.is_null()) fail("needs text_encoder and vision_model, or model");
  text["bos_token_id"] = tokenizer_.frame().bos;
  text["eos_token_id"] = tokenizer_.frame().eos;
  text["pad_token_id"] = tokenizer_.frame().pad;
  const int64_t projection_dim = ClipTextConfig::from_json(text).projection_dim;
  vision["projection_dim"] = text["projection_dim"] = projection_dim;
  return {{"architectures", {"CLIPModel"}},
          {"model_type", "clip"},
          {"projection_dim", projection_dim},
          {"text_config", text},
          {"vision_config", vision}};
}

ClipTask::ClipTask(ClipTaskOptions options, const BatchLoader& loader)
    : options_(std::move(options)), loader_(loader), tokenizer_(ClipTokenizer::load(tokenizer_folder())) {
  const fs::path& model = options_.start.model;
  const bool continues = !model.empty() && options_.text_encoder.is_null();
  clip_config_ = continues ? read_json(model / "config.json") : new_config();
  const ClipConfig clip = ClipConfig::from_json(clip_config_);
  require_fit(clip, tokenizer_, loader);
  const TensorFile start = continues ? read_safetensors(model / kTransformersWeights) : TensorFile();
  weights_ = std::make_unique<TrainableWeights>(TrainableWeights::Options{
      .component = kComponent, .start = continues ? &start.tensors : nullptr, .seed = options_.seed});
  model_ = std::make_unique<ClipModel>(clip, *weights_);
}

StepLoss ClipTask::loss(int64_t batch, size_t /*group*/) {
  const LoadedBatch examples = loader_.load(batch);
  const Tensor images = model_->image_embeds(to_backend(examples.pixel_values, BackendKind::torch));
  const Tensor texts = model_->text_embeds(plain_prompt_ids(tokenizer_, examples.captions));
  const Tensor per_image = model_->logits_per_image(images, texts);  // [N, N]: the diagonal is right
  std::vector<int32_t> own(examples.captions.size());
  std::iota(own.begin(), own.end(), 0);
  const Tensor image_loss = cross_entropy(per_image, own), text_loss = cross_entropy(permute(per_image, {1, 0}), own);
  return {.total = weighted_sum({{0.5, image_loss}, {0.5, text_loss}}),
          .terms = {{"image_loss", image_loss}, {"text_loss", text_loss}}};
}

Picture ClipTask::sample_sheet(const NamedTensors& /*weights*/) const { return {}; }

void ClipTask::write_model(const fs::path& folder, const NamedTensors& weights) const {
  write_component(folder, clip_config_, kTransformersWeights, component_of(weights, kComponent), DType::f16);
  write_json(folder / "preprocessor_config.json", preprocessor_config(model_->config().vision.image_size));
  for (const char* name : kVocabularyFiles)
    if (const fs::path file = tokenizer_folder() / name; fs::exists(file))
      fs::copy_file(file, folder / name, fs::copy_options::overwrite_existing);
}

}  // namespace easel
