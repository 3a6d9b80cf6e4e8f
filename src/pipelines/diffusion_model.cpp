#include "pipelines/diffusion_model.h"

#include "checkpoints/checkpoint.h"
#include "checkpoints/config_reader.h"
#include "easel/error.h"
#include "pipelines/device.h"
#include "text/clip_vocabulary.h"

namespace easel {
namespace {

const nlohmann::json& config_of(const Checkpoint& checkpoint, const std::string& component) {
  if (!checkpoint.has(component))
    throw Error(ErrorCode::NotFound, "[model] " + checkpoint.path.string() + " has no " + component);
  return checkpoint.configs.at(component);
}

template <typename Model, typename Config>
Model build(const Checkpoint& checkpoint, const std::string& component, BackendKind backend) {
  const Config config = Config::from_json(config_of(checkpoint, component));
  CheckpointWeights weights(checkpoint.weights(component), component, backend);
  return Model(config, weights);
}

// Single files bring no vocabulary: it is CLIP's, with the special tokens that the checkpoint's config names.
ClipTokenizer tokenizer_of(const Checkpoint& checkpoint, const std::string& tokenizer,
                           const std::filesystem::path& vocabulary) {
  const std::filesystem::path folder = checkpoint.tokenizer_folder(tokenizer);
  if (!folder.empty() && vocabulary.empty()) return ClipTokenizer::load(folder);
  ClipTokenizerOptions options;
  if (const auto config = checkpoint.configs.find(tokenizer); config != checkpoint.configs.end())
    options.read(config->second, (checkpoint.path / tokenizer).string());
  return ClipTokenizer::load(vocabulary.empty() ? default_clip_vocabulary() : vocabulary, options);
}

std::vector<TextTower> load_towers(const Checkpoint& checkpoint, BackendKind backend,
                                   const std::filesystem::path& vocabulary) {
  std::vector<TextTower> towers;
  for (const char* suffix : {"", "_2"}) {
    const std::string component = std::string("text_encoder") + suffix;
    if (!checkpoint.has(component)) continue;
    ClipTextModel encoder = build<ClipTextModel, ClipTextConfig>(checkpoint, component, backend);
    ClipTokenizer tokenizer = tokenizer_of(checkpoint, std::string("tokenizer") + suffix, vocabulary);
    if (tokenizer.vocab_size() > static_cast<size_t>(encoder.config().vocab_size))
      throw Error(ErrorCode::CorruptFile, "[" + component + "] the vocabulary has " +
                                              std::to_string(tokenizer.vocab_size()) + " tokens; the encoder knows " +
                                              std::to_string(encoder.config().vocab_size));
    towers.push_back({std::move(tokenizer), std::move(encoder)});
  }
  if (towers.empty()) config_of(checkpoint, "text_encoder");
  return towers;
}

// What model_index.json says besides its list of components.
void read_index(DiffusionModel& model, const Checkpoint& checkpoint) {
  const auto found = checkpoint.configs.find("model_index");
  const nlohmann::json index = found == checkpoint.configs.end() ? nlohmann::json::object() : found->second;
  const ConfigReader reader(index, "model_index");
  model.zero_empty_negative =
      model.unet.config().text_time_embedding && reader.boolean("force_zeros_for_empty_prompt", true);
  model.guidance_scale = reader.number("guidance_scale", model.guidance_scale);
  if (model.guidance_scale < 0 || model.guidance_scale > 100) reader.wrong("guidance_scale", "0..100");
}

}  // namespace

DiffusionModel load_diffusion_model(const std::filesystem::path& path, const LoadOptions& options) {
  const BackendKind backend = select_device(options.device).backend_kind();
  std::optional<std::string> prediction_type;
  if (options.prediction_type != "default") prediction_type = options.prediction_type;
  const Checkpoint checkpoint = open_checkpoint(path, {.variant = options.variant, .prediction_type = prediction_type});
  UNet2DConditionModel unet = build<UNet2DConditionModel, UNetConfig>(checkpoint, "unet", backend);
  AutoencoderKL vae = build<AutoencoderKL, AutoencoderConfig>(checkpoint, "vae", backend);
  DiffusionModel model{.name = checkpoint.path.stem().string(),
                       .backend = backend,
                       .towers = load_towers(checkpoint, backend, options.vocabulary),
                       .unet = std::move(unet),
                       .vae = std::move(vae),
                       .scheduler_config = config_of(checkpoint, "scheduler")};
  if (const auto low_res = checkpoint.configs.find("low_res_scheduler"); low_res != checkpoint.configs.end())
    model.low_res_scheduler_config = low_res->second;
  read_index(model, checkpoint);
  return model;
}

}  // namespace easel
