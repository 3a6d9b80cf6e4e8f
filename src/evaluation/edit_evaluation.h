// edit_evaluation.h — how often editing does what was asked for: scenes are drawn, changed by the model, and judged.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "easel/picture.h"
#include "evaluation/model_evaluation.h"

namespace easel {

// One way to edit.
struct EditTrial {
  std::string name;  // "replace", "hat", "remove", "restyle"
  std::string asks;  // what was done, for the report
  int64_t right = 0, count = 0;
  int64_t readable = 0;  // what the scorer reads right in drawings of the same: how far `right` can be trusted
  std::vector<Picture> before, after;
  std::vector<bool> verdicts;
};

// replace: three yellow lemons, masked, become "three apples". hat: the head of a cat and what is above it becomes
// "a cat wearing a hat". remove: without a prompt the masked thing goes; no kind is seen and the setting is. restyle:
// image to image with the caption of the scene in another style; kind and style are right, and nothing of the kind
// is outside the boxes that it was in. Each on options.num_prompts drawings of seen combinations. Throws as
// evaluate_model.
std::vector<EditTrial> evaluate_edits(const ModelEvaluationOptions& options,
                                      const OnEvaluationProgress& on_progress = {});

nlohmann::ordered_json edits_to_json(const std::vector<EditTrial>& trials);
std::string edits_table(const std::vector<EditTrial>& trials);
// The first drawings of each trial above what was made of them, with the verdicts. REQUIRES: at least one trial.
Picture edits_sheet(const std::vector<EditTrial>& trials);

}  // namespace easel
