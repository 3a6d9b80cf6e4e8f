#include "training/training_options.h"

#include <nlohmann/json.hpp>

namespace easel {
namespace {

constexpr int64_t kDefaultScenes = 100'000;

uint64_t seed_of(const TrainConfig& config) { return static_cast<uint64_t>(config.seed); }

// A network's config; null where none is given.
nlohmann::json network_config(const JsonText& given) {
  return given.text.empty() ? nlohmann::json() : nlohmann::json::parse(given.text);
}

DatasetKind dataset_kind(const std::string& name) {
  if (name == "folder") return DatasetKind::folder;
  return name == "tar" ? DatasetKind::tar : DatasetKind::storybook;
}

OptimizerOptions optimizer_options(const TrainConfig& config) {
  return {.adamw = {.beta1 = config.adam_beta1,
                    .beta2 = config.adam_beta2,
                    .epsilon = config.adam_epsilon,
                    .weight_decay = config.adam_weight_decay},
          .max_grad_norm = config.max_grad_norm,
          .use_ema = config.use_ema,
          .ema_decay = config.ema_decay,
          .use_ema_warmup = config.use_ema_warmup};
}

CheckpointingOptions checkpointing_options(const TrainConfig& config, TrainerKind trainer) {
  return {.steps = config.checkpointing_steps,
          .minutes = config.checkpointing_minutes,
          .total_limit = config.checkpoints_total_limit,
          .resume = config.resume,
          .config = train_config_to_json(config, trainer)};
}

}  // namespace

ProcessShare process_share(const ProcessGroup* processes) {
  if (processes == nullptr) return {};
  return {.rank = processes->rank(), .world_size = processes->size()};
}

DatasetOptions dataset_options(const TrainConfig& config, TrainerKind trainer) {
  const DatasetKind kind = dataset_kind(config.dataset);
  const bool endless = kind == DatasetKind::storybook && config.num_examples == 0;
  return {.kind = kind,
          .path = config.train_data_dir,
          .world = config.storybook_world,
          .emphasis = config.storybook_emphasis,
          .split = config.storybook_split,
          .num_examples = endless ? kDefaultScenes : config.num_examples,
          .resolution = config.resolution,
          .captions_required = trainer != TrainerKind::autoencoder,
          .check_pictures = config.check_pictures && trainer != TrainerKind::tokenizer};  // it reads captions only
}

PictureBatchOptions picture_batch_options(const TrainConfig& config, TrainerKind trainer, const ProcessShare& share) {
  return {.resolution = config.resolution,
          .aspect_buckets = config.aspect_buckets,
          .batches = {.batch_size = config.train_batch_size,
                      .seed = seed_of(config),
                      .rank = share.rank,
                      .world_size = share.world_size},
          .loading = {.seed = seed_of(config),
                      .random_crop = config.random_crop,
                      .random_flip = config.random_flip,
                      .caption_dropout = trainer == TrainerKind::text_to_image ? config.caption_dropout : 0}};
}

TrainerOptions trainer_options(const TrainConfig& config, TrainerKind trainer) {
  return {.output_dir = config.output_dir,
          .max_train_steps = config.max_train_steps,
          .gradient_accumulation_steps = config.gradient_accumulation_steps,
          .learning_rate = config.learning_rate,
          .lr_schedule = {.kind = parse_lr_schedule(config.lr_schedule),
                          .num_warmup_steps = config.lr_warmup_steps,
                          .num_training_steps = config.max_train_steps},
          .optimizer = optimizer_options(config),
          .checkpointing = checkpointing_options(config, trainer),
          .logging_steps = config.logging_steps,
          .sample_steps = config.sample_steps};
}

StartModelOptions start_model_options(const TrainConfig& config) {
  return {.model = config.model, .tokenizer = config.tokenizer};
}

TokenizerOptions tokenizer_options(const TrainConfig& config) {
  return {.corpus = config.corpus,
          .captions = dataset_options(config, TrainerKind::tokenizer),
          .seed = seed_of(config),
          .vocab_size = config.vocab_size,
          .model_max_length = config.model_max_length,
          .output_dir = config.output_dir};
}

AutoencoderTaskOptions autoencoder_task_options(const TrainConfig& config) {
  return {.start = start_model_options(config),
          .vae = network_config(config.vae),
          .train_encoder = config.train_encoder,
          .resolution = config.resolution,
          .gradient_accumulation_steps = config.gradient_accumulation_steps,
          .seed = seed_of(config),
          .loss = {.kl_weight = config.kl_weight,
                   .perceptual_weight = config.perceptual_weight,
                   .perceptual_model = config.perceptual_model,
                   .adversarial_weight = config.adversarial_weight,
                   .adversarial_start = config.adversarial_start}};
}

TextToImageTaskOptions text_to_image_task_options(const TrainConfig& config) {
  return {.unet = network_config(config.unet),
          .text_encoder = network_config(config.text_encoder),
          .train_text_encoder = config.train_text_encoder,
          .seed = seed_of(config),
          .prediction_type = config.prediction_type,
          .snr_gamma = config.snr_gamma,
          .object_weight = config.object_weight,
          .timestep_sampling = parse_timestep_sampling(config.timestep_sampling),
          .samples = {.prompts = config.sample_prompts,
                      .num_inference_steps = config.sample_inference_steps,
                      .guidance_scale = config.sample_guidance_scale},
          .storybook_world = dataset_kind(config.dataset) == DatasetKind::storybook ? config.storybook_world : ""};
}

ClipTaskOptions clip_task_options(const TrainConfig& config) {
  return {.start = start_model_options(config),
          .text_encoder = network_config(config.text_encoder),
          .vision_model = network_config(config.vision_model),
          .seed = seed_of(config)};
}

ScorerTaskOptions scorer_task_options(const TrainConfig& config, const ProcessShare& share) {
  return {.model = config.model,
          .vision_model = network_config(config.vision_model),
          .data = {.world = storybook::find_world(config.storybook_world),
                   .batch_size = config.train_batch_size,
                   .seed = seed_of(config)},
          .rank = share.rank,
          .world_size = share.world_size};
}

}  // namespace easel
