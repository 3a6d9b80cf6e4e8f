#include "training/tasks/text_to_image_task.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "checkpoints/config_reader.h"
#include "checkpoints/model_package_writer.h"
#include "datasets/step_random.h"
#include "diffusion/scheduler_config.h"
#include "easel/error.h"
#include "evaluation/trained_world.h"
#include "ops/autograd.h"
#include "ops/ops.h"
#include "pictures/picture_grid.h"
#include "pipelines/text_to_image.h"
#include "text/prompt_chunks.h"
#include "training/cache/cache_file.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSheetPictures = 64;
constexpr int kTimestepQuarters = 4;

Tensor on_torch(const Tensor& x) { return to_backend(x, BackendKind::torch); }

void require_fit(const ClipTokenizer& tokenizer, const ClipTextConfig& text, const UNetConfig& unet) {
  const auto fail = [](const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[train] " + what); };
  if (static_cast<int64_t>(tokenizer.vocab_size()) > text.vocab_size)
    fail("the tokenizer has " + std::to_string(tokenizer.vocab_size()) +
         " tokens; text_encoder.vocab_size = " + std::to_string(text.vocab_size));
  if (tokenizer.max_length() > text.max_position_embeddings)
    fail("the tokenizer makes rows of " + std::to_string(tokenizer.max_length()) +
         "; text_encoder.max_position_embeddings = " + std::to_string(text.max_position_embeddings));
  if (text.encoder.hidden_size != unet.cross_attention_dim())
    fail("text_encoder.hidden_size = " + std::to_string(text.encoder.hidden_size) +
         "; unet.cross_attention_dim = " + std::to_string(unet.cross_attention_dim()));
}

// The unweighted error in each quarter of the timesteps, "error_0_249" first, where the batch has any of them. What a
// picture shows is decided in the later quarters, its details in the first; a weighting can starve either.
std::vector<LossTerm> errors_by_timestep(const Tensor& row_errors, const std::vector<int>& timesteps,
                                         int num_timesteps) {
  const Tensor errors = to_host(autograd().detach(row_errors));
  std::vector<LossTerm> terms;
  for (int quarter = 0; quarter < kTimestepQuarters; ++quarter) {
    const int first = num_timesteps * quarter / kTimestepQuarters,
              end = num_timesteps * (quarter + 1) / kTimestepQuarters;
    float sum = 0, count = 0;
    for (size_t n = 0; n < timesteps.size(); ++n)
      if (timesteps[n] >= first && timesteps[n] < end) {
        sum += errors.f32()[n];
        ++count;
      }
    if (count > 0)
      terms.push_back(
          {"error_" + std::to_string(first) + "_" + std::to_string(end - 1), Tensor::full({1}, sum / count)});
  }
  return terms;
}

// A U-Net that is trained on keeps the noise levels it knows; a new one gets those of Stable Diffusion.
nlohmann::json scheduler_of(const TextToImageTaskOptions& options, const StartModel& start) {
  if (start.weights("unet", options.unet) == nullptr || !start.has("scheduler")) {
    nlohmann::json scheduler = stable_diffusion_scheduler_config();
    scheduler["_class_name"] = "DPMSolverMultistepScheduler";
    scheduler["prediction_type"] = options.prediction_type;
    return scheduler;
  }
  const nlohmann::json& scheduler = start.checkpoint().configs.at("scheduler");
  if (read_prediction_type(scheduler) != parse_prediction_type(options.prediction_type))
    throw Error(ErrorCode::InvalidArgument,
                "[train] prediction_type = " + options.prediction_type + "; the model's scheduler says " +
                    ConfigReader(scheduler, "scheduler").text("prediction_type", "epsilon"));
  return scheduler;
}

}  // namespace

TextToImageTask::TextToImageTask(TextToImageTaskOptions options, StartModel start, LatentSource latents)
    : options_(std::move(options)),
      start_(std::move(start)),
      latents_(std::move(latents)),
      scheduler_config_(scheduler_of(options_, start_)),
      objective_({.schedule = read_noise_schedule(scheduler_config_, ZeroTerminalSnr::exact),
                  .target = parse_prediction_target(options_.prediction_type),
                  .snr_gamma = options_.snr_gamma,
                  .timestep_sampling = options_.timestep_sampling}),
      tokenizer_(ClipTokenizer::load(start_.tokenizer_folder())),
      text_config_(start_.config("text_encoder", options_.text_encoder)),
      unet_config_(start_.config("unet", options_.unet)) {
  const ClipTextConfig text = ClipTextConfig::from_json(text_config_);
  const UNetConfig unet = UNetConfig::from_json(unet_config_);
  require_fit(tokenizer_, text, unet);
  text_weights_ = std::make_unique<TrainableWeights>(
      TrainableWeights::Options{.component = "text_encoder",
                                .start = start_.weights("text_encoder", options_.text_encoder),
                                .seed = options_.seed});
  unet_weights_ =
      std::make_unique<TrainableWeights>(TrainableWeights::Options{.component = "unet",
                                                                   .start = start_.weights("unet", options_.unet),
                                                                   .seed = options_.seed,
                                                                   .zero_residuals = true});
  text_encoder_ = std::make_unique<ClipTextModel>(text, *text_weights_);
  unet_ = std::make_unique<UNet2DConditionModel>(unet, *unet_weights_);
}

std::vector<NamedTensors> TextToImageTask::parameter_groups() const {
  NamedTensors leaves = unet_weights_->leaves();
  if (options_.train_text_encoder) leaves.insert(text_weights_->leaves().begin(), text_weights_->leaves().end());
  return {leaves};
}

NamedTensors TextToImageTask::host_text_weights() const {
  NamedTensors weights = component_of(text_weights_->leaves(), "text_encoder");
  for (auto& [name, tensor] : weights) tensor = to_host(tensor);
  return weights;
}

void TextToImageTask::use_embedding_cache(const fs::path& file) {
  assert(!options_.train_text_encoder);
  embeddings_ = std::make_unique<EmbeddingCache>(
      file, EmbeddingCacheKey{.text_encoder = weights_sha256(host_text_weights()),
                              .embedding = {tokenizer_.max_length(), text_encoder_->config().encoder.hidden_size}});
}

Tensor TextToImageTask::encode_frozen(const Tensor& ids) const {
  const NoGradient unrecorded;
  return (*text_encoder_)(ids).last_hidden_state;
}

Tensor TextToImageTask::encode_captions(const std::vector<std::string>& captions) const {
  const Tensor ids = plain_prompt_ids(tokenizer_, captions);
  if (options_.train_text_encoder) return (*text_encoder_)(ids).last_hidden_state;
  if (!embeddings_) return encode_frozen(ids);
  return on_torch(embeddings_->embed(ids, [this](const Tensor& missing) { return to_host(encode_frozen(missing)); }));
}

Tensor TextToImageTask::errors_of(const Tensor& prediction, const Tensor& target, const LatentBatch& examples) const {
  if (options_.object_weight == 1) return row_squared_errors(prediction, target);
  const Tensor cover = latents_.object_cover(examples);
  if (!cover.defined())
    throw Error(ErrorCode::InvalidArgument,
                "[train] object_weight: the data set does not know where things are; only storybook does");
  const Tensor roots = on_torch(object_weight_roots(cover, options_.object_weight, prediction.dim(3)));
  return row_squared_errors(multiply(prediction, roots), multiply(target, roots));
}

StepLoss TextToImageTask::loss(int64_t batch, size_t) {
  const LatentBatch examples = latents_.load(batch);
  std::vector<int> timesteps;
  const std::vector<int64_t> places = examples.batch.places();
  for (const int64_t place : places) timesteps.push_back(random_timestep(objective_, options_.seed, batch, place));
  const Tensor& x0 = examples.latents;
  const Tensor noise =
      random_normal_rows(options_.seed, batch, Purpose::noise, places, {x0.dim(1), x0.dim(2), x0.dim(3)});
  const NoisyBatch noisy = add_noise(objective_, x0, noise, timesteps);

  UNetInputs inputs;
  inputs.sample = on_torch(noisy.noisy);
  inputs.timesteps = noisy.timesteps;
  inputs.encoder_hidden_states = encode_captions(examples.captions);
  const Tensor errors = errors_of((*unet_)(inputs), on_torch(noisy.target), examples);  // [N]
  return {.total = mean(multiply(errors, on_torch(noisy.weights))),
          .terms = errors_by_timestep(errors, timesteps, objective_.schedule.num_train_timesteps())};
}

Picture TextToImageTask::sample_sheet(const NamedTensors& weights) const {
  const std::vector<std::string> prompts =
      options_.samples.prompts.empty() ? latents_.load(0).captions : options_.samples.prompts;
  NamedTensors all = text_weights_->leaves();
  for (const auto& [name, tensor] : weights) all[name] = tensor;
  const NamedTensors unet = component_of(all, "unet"), text = component_of(all, "text_encoder");
  CheckpointWeights unet_source(unet, "unet", BackendKind::torch),
      text_source(text, "text_encoder", BackendKind::torch);
  CheckpointWeights vae_source(start_.checkpoint().weights("vae"), "vae", BackendKind::torch);
  std::vector<TextTower> towers;
  towers.push_back({tokenizer_, ClipTextModel(text_encoder_->config(), text_source)});
  const DiffusionModel model{.name = "training",
                             .backend = BackendKind::torch,
                             .towers = std::move(towers),
                             .unet = UNet2DConditionModel(unet_->config(), unet_source),
                             .vae = AutoencoderKL(AutoencoderConfig::from_json(start_.config("vae")), vae_source),
                             .scheduler_config = scheduler_config_};
  std::vector<Picture> cells;
  for (const std::string& prompt : std::span(prompts).first(std::min(prompts.size(), kSheetPictures))) {
    GenerationParameters parameters;
    parameters.prompt = prompt;
    parameters.seed = static_cast<int64_t>(cells.size());
    parameters.num_inference_steps = options_.samples.num_inference_steps;
    parameters.guidance_scale = options_.samples.guidance_scale;
    cells.push_back(text_to_image(model, {.parameters = parameters, .prompts = {}}, {}).pictures.front());
  }
  return picture_grid(cells, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(cells.size())))));
}

void TextToImageTask::write_model(const fs::path& folder, const NamedTensors& weights) const {
  ModelPackageWriter package(folder);
  package.add_network("unet", unet_config_, component_of(weights, "unet"));
  NamedTensors text = component_of(weights, "text_encoder");
  if (text.empty()) text = host_text_weights();  // not trained
  package.add_network("text_encoder", text_config_, text);
  package.add_network("vae", start_.config("vae"), start_.checkpoint().weights("vae"));
  const fs::path tokenizer = package.add_folder("tokenizer");
  for (const auto& entry : fs::directory_iterator(start_.tokenizer_folder()))
    if (entry.is_regular_file())
      fs::copy_file(entry.path(), tokenizer / entry.path().filename(), fs::copy_options::overwrite_existing);
  package.add_scheduler(scheduler_config_);
  package.set("guidance_scale", options_.samples.guidance_scale);
  if (!options_.storybook_world.empty()) package.set(kStorybookWorldKey, options_.storybook_world);
  package.write_index();
}

}  // namespace easel
