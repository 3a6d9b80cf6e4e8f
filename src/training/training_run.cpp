#include "training/training_run.h"

#include "easel/error.h"
#include "ops/autograd.h"
#include "ops/torch_settings.h"
#include "pipelines/device.h"
#include "training/training_kind.h"
#include "training/training_options.h"

namespace easel {
namespace {

void prepare_device(const TrainConfig& config) {
  if (select_device(config.device).backend_kind() != BackendKind::torch)
    throw Error(ErrorCode::InvalidArgument,
                "[train] device = " + config.device + "; training needs torch:cpu or torch:cuda");
  set_gradient_checkpointing(config.gradient_checkpointing);
  const bool half = config.mixed_precision == "bf16";
  if (half && config.device == "torch:cpu")
    throw Error(ErrorCode::InvalidArgument, "[train] mixed_precision = bf16 needs a GPU; on the CPU all is f32");
  set_torch_product_dtype(half ? DType::bf16 : DType::f32);
}

}  // namespace

void run_training(const TrainConfig& config, TrainerKind trainer, const TrainingCallbacks& callbacks) {
  check_train_config(config, trainer);
  const TrainingKind& kind = find_training_kind(trainer);
  if (kind.run != nullptr) return kind.run(config, callbacks);
  prepare_device(config);
  const std::unique_ptr<ProcessGroup> processes = join_process_group();
  DatasetReport report(callbacks.on_message);
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<BatchLoader> loader;
  if (kind.reads_dataset) {
    dataset = open_dataset(dataset_options(config, trainer), report);
    const ProcessShare share = process_share(processes.get());
    loader = make_batch_loader(*dataset, picture_batch_options(config, trainer, share), report);
    callbacks.message(std::to_string(dataset->size()) + " examples");
  }
  const TrainingParts parts{
      .dataset = dataset.get(), .loader = loader.get(), .processes = processes.get(), .callbacks = callbacks};
  const std::unique_ptr<TrainingTask> task = kind.make_task(config, parts);
  train(*task, trainer_options(config, trainer), callbacks, processes.get());
  if (report.num_skipped() > 0) callbacks.message(report.summary());
}

}  // namespace easel
