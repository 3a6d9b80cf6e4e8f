#include "training/training_run.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "easel/error.h"
#include "ops/autograd.h"
#include "ops/ops.h"
#include "ops/torch_settings.h"
#include "pipelines/device.h"
#include "training/cache/cache_file.h"
#include "training/tasks/autoencoder_task.h"
#include "training/tasks/clip_task.h"
#include "training/tasks/scorer_task.h"
#include "training/tasks/text_to_image_task.h"

namespace easel {
namespace {

void run_autoencoder(const TrainConfig& config, const BatchLoader& loader, const TrainingCallbacks& callbacks,
                     ProcessGroup* processes) {
  AutoencoderTask task(config, loader);
  train(task, config, TrainerKind::autoencoder, callbacks, processes);
}

// A line every two seconds, and an end where the user asks for it.
CacheProgress cache_progress(const TrainingCallbacks& callbacks) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  auto told = std::make_shared<Clock::time_point>(start);
  const auto first = std::make_shared<int64_t>(-1);
  return [=](int64_t done, int64_t total) {
    if (*first < 0) *first = done;
    const auto now = Clock::now();
    if (callbacks.on_message && (done == total || now - *told > std::chrono::seconds(2))) {
      *told = now;
      const double rate = static_cast<double>(done - *first) / std::chrono::duration<double>(now - start).count();
      const auto left = static_cast<int64_t>(static_cast<double>(total - done) / std::max(rate, 1e-9));
      callbacks.on_message("latents " + std::to_string(done) + "/" + std::to_string(total) +
                           (done < total ? "  " + std::to_string(left) + " s left" : ""));
    }
    return !(callbacks.interrupted && callbacks.interrupted());
  };
}

void set_product_dtype(const TrainConfig& config) {
  const bool half = config.mixed_precision == "bf16";
  if (half && config.device == "torch:cpu")
    throw Error(ErrorCode::InvalidArgument, "[train] mixed_precision = bf16 needs a GPU; on the CPU all is f32");
  set_torch_product_dtype(half ? DType::bf16 : DType::f32);
}

void wait_for_all(ProcessGroup& processes) { processes.average({to_backend(Tensor::zeros({1}), BackendKind::torch)}); }

void run_text_to_image(const TrainConfig& config, const Dataset& dataset, const BatchLoader& loader,
                       const TrainingCallbacks& callbacks, ProcessGroup* processes) {
  const StartModel start(config);
  if (!start.has("vae"))
    throw Error(ErrorCode::InvalidArgument,
                "[train] model must name a folder with a vae: what turns pictures to latents");
  const AutoencoderConfig vae_config = AutoencoderConfig::from_json(start.config("vae", {}));
  CheckpointWeights vae_weights(start.checkpoint().weights("vae"), "vae", BackendKind::torch);
  const AutoencoderKL vae(vae_config, vae_weights);
  LatentSource latents(vae, loader, static_cast<uint64_t>(config.seed));
  if (!config.latent_cache.empty()) {
    LatentCacheKey key;
    key.model = weights_sha256(start.checkpoint().weights("vae"));
    key.dataset = dataset.identity();
    // The first process fills the file, the others find it filled.
    if (processes != nullptr && processes->rank() > 0) wait_for_all(*processes);
    latents.use_cache(config.latent_cache, key, cache_progress(callbacks));
    if (processes != nullptr && processes->rank() == 0) wait_for_all(*processes);
  }
  TextToImageTask task(config, start, latents);
  if (!config.embedding_cache.empty())  // a file for each process, because each writes
    task.use_embedding_cache(numbered_cache_file(config.embedding_cache, processes ? processes->rank() : 0));
  train(task, config, TrainerKind::text_to_image, callbacks, processes);
}

// Each process contrasts the pictures of its own share alone.
void run_clip(const TrainConfig& config, const BatchLoader& loader, const TrainingCallbacks& callbacks,
              ProcessGroup* processes) {
  ClipTask task(config, loader);
  train(task, config, TrainerKind::clip, callbacks, processes);
}

// Draws its examples itself, because it needs their scenes.
void run_scorer(const TrainConfig& config, const TrainingCallbacks& callbacks, ProcessGroup* processes) {
  ScorerTask task(config, processes ? processes->rank() : 0, processes ? processes->size() : 1);
  train(task, config, TrainerKind::scorer, callbacks, processes);
}

}  // namespace

void run_training(const TrainConfig& config, TrainerKind trainer, const TrainingCallbacks& callbacks) {
  check_train_config(config, trainer);
  if (select_device(config.device).backend_kind() != BackendKind::torch)
    throw Error(ErrorCode::InvalidArgument,
                "[train] device = " + config.device + "; training needs torch:cpu or torch:cuda");
  set_gradient_checkpointing(config.gradient_checkpointing);
  set_product_dtype(config);
  const std::unique_ptr<ProcessGroup> processes = join_process_group();
  const int rank = processes ? processes->rank() : 0, world_size = processes ? processes->size() : 1;
  if (trainer == TrainerKind::scorer) return run_scorer(config, callbacks, processes.get());
  DatasetReport report(callbacks.on_message);
  const std::unique_ptr<Dataset> dataset = open_dataset(dataset_options(config, trainer), report);
  const std::unique_ptr<BatchLoader> loader = make_batch_loader(config, *dataset, report, trainer, rank, world_size);
  if (callbacks.on_message) callbacks.on_message(std::to_string(dataset->size()) + " examples");
  if (trainer == TrainerKind::autoencoder)
    run_autoencoder(config, *loader, callbacks, processes.get());
  else if (trainer == TrainerKind::clip)
    run_clip(config, *loader, callbacks, processes.get());
  else
    run_text_to_image(config, *dataset, *loader, callbacks, processes.get());
  if (callbacks.on_message && report.num_skipped() > 0) callbacks.on_message(report.summary());
}

}  // namespace easel
