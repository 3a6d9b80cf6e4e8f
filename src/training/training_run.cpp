#include "training/training_run.h"

#include "easel/error.h"
#include "ops/autograd.h"
#include "pipelines/device.h"
#include "training/autoencoder_task.h"
#include "training/text_to_image_task.h"

namespace easel {
namespace {

void run_autoencoder(const TrainConfig& config, const BatchLoader& loader, const TrainingCallbacks& callbacks) {
  AutoencoderTask task(config, loader);
  train(task, config, TrainerKind::autoencoder, callbacks);
}

void run_text_to_image(const TrainConfig& config, const BatchLoader& loader, const TrainingCallbacks& callbacks) {
  const StartModel start(config);
  if (!start.has("vae"))
    throw Error(ErrorCode::InvalidArgument,
                "[train] model must name a folder with a vae: what turns pictures to latents");
  const AutoencoderConfig vae_config = AutoencoderConfig::from_json(start.config("vae", {}));
  CheckpointWeights vae_weights(start.checkpoint().weights("vae"), "vae", BackendKind::torch);
  const AutoencoderKL vae(vae_config, vae_weights);
  const LatentSource latents(vae, loader, static_cast<uint64_t>(config.seed));
  TextToImageTask task(config, start, latents);
  train(task, config, TrainerKind::text_to_image, callbacks);
}

}  // namespace

void run_training(const TrainConfig& config, TrainerKind trainer, const TrainingCallbacks& callbacks) {
  check_train_config(config, trainer);
  if (select_device(config.device) != BackendKind::torch)
    throw Error(ErrorCode::InvalidArgument,
                "[train] device = " + config.device + "; training needs torch:cpu or torch:cuda");
  set_gradient_checkpointing(config.gradient_checkpointing);
  DatasetReport report(callbacks.on_message);
  const std::unique_ptr<Dataset> dataset = open_dataset(dataset_options(config, trainer), report);
  const std::unique_ptr<BatchLoader> loader = make_batch_loader(config, *dataset, report, trainer, 0, 1);
  if (callbacks.on_message) callbacks.on_message(std::to_string(dataset->size()) + " examples");
  if (trainer == TrainerKind::autoencoder)
    run_autoencoder(config, *loader, callbacks);
  else
    run_text_to_image(config, *loader, callbacks);
  if (callbacks.on_message && report.num_skipped() > 0) callbacks.on_message(report.summary());
}

}  // namespace easel
