#include "training/training_kind.h"

#include <algorithm>
#include <chrono>

#include "easel/error.h"
#include "ops/backend.h"
#include "ops/ops.h"
#include "training/cache/cache_file.h"
#include "training/training_options.h"

namespace easel {
namespace {

// Counts words instead of taking steps.
void learn_tokenizer(const TrainConfig& config, const TrainingCallbacks& callbacks) {
  train_tokenizer(tokenizer_options(config), callbacks);
}

std::unique_ptr<TrainingTask> make_autoencoder(const TrainConfig& config, const TrainingParts& parts) {
  return std::make_unique<AutoencoderTask>(autoencoder_task_options(config), *parts.loader);
}

// Each process contrasts the pictures of its own share alone.
std::unique_ptr<TrainingTask> make_clip(const TrainConfig& config, const TrainingParts& parts) {
  return std::make_unique<ClipTask>(clip_task_options(config), *parts.loader);
}

// Draws its examples itself, because it needs their scenes.
std::unique_ptr<TrainingTask> make_scorer(const TrainConfig& config, const TrainingParts& parts) {
  return std::make_unique<ScorerTask>(scorer_task_options(config, process_share(parts.processes)));
}

// A line every two seconds, and an end where the user asks for it.
CacheProgress cache_progress(const TrainingCallbacks& callbacks) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto reported = std::make_shared<Clock::time_point>(start);
  const auto first = std::make_shared<int64_t>(-1);
  return [=](int64_t done, int64_t total) {
    if (*first < 0) *first = done;
    const auto now = Clock::now();
    if (done == total || now - *reported > std::chrono::seconds(2)) {
      *reported = now;
      const double rate = static_cast<double>(done - *first) / std::chrono::duration<double>(now - start).count();
      const auto left = static_cast<int64_t>(static_cast<double>(total - done) / std::max(rate, 1e-9));
      callbacks.message("latents " + std::to_string(done) + "/" + std::to_string(total) +
                        (done < total ? "  " + std::to_string(left) + " s left" : ""));
    }
    return !callbacks.asked_to_stop();
  };
}

void wait_for_all(ProcessGroup& processes) { processes.average({to_backend(Tensor::zeros({1}), BackendKind::torch)}); }

// The first process fills the file, the others find it filled.
void use_latent_cache(LatentSource& latents, const std::filesystem::path& file, const LatentCacheKey& key,
                      const TrainingParts& parts) {
  const int rank = process_share(parts.processes).rank;
  if (rank > 0) wait_for_all(*parts.processes);
  latents.use_cache(file, key, cache_progress(parts.callbacks));
  if (rank == 0 && parts.processes != nullptr) wait_for_all(*parts.processes);
}

std::unique_ptr<TrainingTask> make_text_to_image(const TrainConfig& config, const TrainingParts& parts) {
  StartModel start(start_model_options(config));
  if (!start.has("vae"))
    throw Error(ErrorCode::InvalidArgument,
                "[train] model must name a folder with a vae: what turns pictures to latents");
  const WeightMap& weights = start.checkpoint().weights("vae");
  CheckpointWeights vae_weights(weights, "vae", BackendKind::torch);
  LatentSource latents(AutoencoderKL(AutoencoderConfig::from_json(start.config("vae")), vae_weights), *parts.loader,
                       static_cast<uint64_t>(config.seed));
  if (!config.latent_cache.empty())
    use_latent_cache(latents, config.latent_cache,
                     {.model = weights_sha256(weights), .dataset = parts.dataset->identity()}, parts);
  auto task =
      std::make_unique<TextToImageTask>(text_to_image_task_options(config), std::move(start), std::move(latents));
  if (!config.embedding_cache.empty())  // a file for each process, because each writes
    task->use_embedding_cache(numbered_cache_file(config.embedding_cache, process_share(parts.processes).rank));
  return task;
}

constexpr TrainingKind kKinds[] = {
    {.trainer = TrainerKind::tokenizer, .run = learn_tokenizer},
    {.trainer = TrainerKind::autoencoder, .reads_dataset = true, .make_task = make_autoencoder},
    {.trainer = TrainerKind::text_to_image, .reads_dataset = true, .make_task = make_text_to_image},
    {.trainer = TrainerKind::clip, .reads_dataset = true, .make_task = make_clip},
    {.trainer = TrainerKind::scorer, .make_task = make_scorer},
};

}  // namespace

std::span<const TrainingKind> training_kinds() { return kKinds; }

const TrainingKind& find_training_kind(TrainerKind trainer) {
  const auto* const found = std::ranges::find(kKinds, trainer, &TrainingKind::trainer);
  if (found == std::end(kKinds))
    throw Error(ErrorCode::Internal, std::string("[train] no kind of training for ") + trainer_name(trainer));
  return *found;
}

}  // namespace easel
