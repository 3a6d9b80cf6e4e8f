// training_options.h — a training's configuration, cut into what each part of the training reads. Only run_training and
// the table of kinds call these; the parts know their own options, never the whole configuration.
#pragma once

#include "datasets/batch_loader.h"
#include "datasets/dataset.h"
#include "training/tasks/autoencoder_task.h"
#include "training/tasks/clip_task.h"
#include "training/tasks/scorer_task.h"
#include "training/tasks/text_to_image_task.h"
#include "training/tasks/tokenizer_run.h"
#include "training/train_config.h"
#include "training/trainer.h"

namespace easel {

// Of several processes that train together, the `rank`-th of `world_size` reads its own share of the examples.
struct ProcessShare {
  int rank = 0;
  int world_size = 1;
};
// processes: null where there is one.
ProcessShare process_share(const ProcessGroup* processes);

// REQUIRES of all: a configuration that check_train_config accepts. They throw InvalidArgument for names that only the
// part itself knows (a world of Storybook).
DatasetOptions dataset_options(const TrainConfig& config, TrainerKind trainer);
PictureBatchOptions picture_batch_options(const TrainConfig& config, TrainerKind trainer, const ProcessShare& share);
TrainerOptions trainer_options(const TrainConfig& config, TrainerKind trainer);
StartModelOptions start_model_options(const TrainConfig& config);

TokenizerOptions tokenizer_options(const TrainConfig& config);
AutoencoderTaskOptions autoencoder_task_options(const TrainConfig& config);
TextToImageTaskOptions text_to_image_task_options(const TrainConfig& config);
ClipTaskOptions clip_task_options(const TrainConfig& config);
ScorerTaskOptions scorer_task_options(const TrainConfig& config, const ProcessShare& share);

}  // namespace easel
