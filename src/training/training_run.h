// training_run.h — a training from its configuration alone: data, networks, loop.
#pragma once

#include "training/train_config.h"
#include "training/trainer.h"

namespace easel {

// Trains what `trainer` names (training_kind.h). All but the tokenizer's training load the torch plug-in on
// config.device, and go together with other processes where the environment says so (ops/process_group.h). Besides what
// train() throws: NotFound where the plug-in, the data or the model is missing, InvalidArgument where the configuration
// cannot be used. callbacks.on_message is called with broken examples, and with their number at the end.
void run_training(const TrainConfig& config, TrainerKind trainer, const TrainingCallbacks& callbacks);

}  // namespace easel
