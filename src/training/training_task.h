// training_task.h — what one kind of training is made of; the loop around it is trainer.h.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "easel/picture.h"
#include "training/trainable_weights.h"

namespace easel {

struct LossTerm {
  std::string name;  // of the log's field
  Tensor value;      // one element
};

struct StepLoss {
  Tensor total;                 // one element: what is minimised
  std::vector<LossTerm> terms;  // its parts, for the log
};

class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  // The networks that are trained, one optimizer each: the model itself, then what only serves its training (a
  // discriminator). Leaves of the torch backend by "component.name", no name in two groups.
  virtual std::vector<NamedTensors> parameter_groups() const = 0;

  // The first step (0, 1, …) in which a group is trained; before it, its loss is not asked for.
  virtual int64_t first_step(size_t /*group*/) const { return 0; }

  // The loss that a group's optimizer minimises over batch `batch` (0, 1, …), recorded for gradients. Depends on the
  // weights and `batch` alone.
  virtual StepLoss loss(int64_t batch, size_t group) = 0;
  virtual int64_t batch_size() const = 0;

  // What the model makes with these weights (those of group 0, on the backend): a sheet to look at. Empty where there
  // is nothing to see. Called without recording.
  virtual Picture sample_sheet(const NamedTensors& weights) const = 0;

  // Writes the trained model as a folder. weights: those of group 0, on the host.
  virtual void write_model(const std::filesystem::path& folder, const NamedTensors& weights) const = 0;
};

}  // namespace easel
