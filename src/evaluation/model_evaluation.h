// model_evaluation.h — the evaluation of a whole model: it draws Storybook scenes, and its pictures are judged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "easel/parameters.h"
#include "evaluation/evaluation.h"

namespace easel {

struct ModelEvaluationOptions {
  std::filesystem::path model = {};
  std::filesystem::path scorer = {};  // folder; empty: "scorer" in the model's
  std::filesystem::path clip = {};    // folder; empty: "clip" in the model's, if it is there
  std::string world = {};             // part of Storybook's world to ask for; empty: trained_world(model)
  int64_t num_prompts = 500;          // see EvaluationOptions
  int64_t batch_size = 8;             // pictures made at a time
  uint64_t seed = 0;                  // of scenes, wordings and pictures
  std::string device = "cpu";
  GenerationParameters generation = {};  // all but the prompt and the seed
};

struct ModelEvaluationProgress {
  int64_t num_made = 0;  // pictures; num_prompts: now they are judged
  int64_t num_prompts = 0;
  double share = 0;  // of the pictures, with what is done of those in the making
};
// Called after every denoising step, and before the pictures are judged; false stops.
using OnEvaluationProgress = std::function<bool(const ModelEvaluationProgress&)>;

struct ModelEvaluation {
  std::string world;  // its name
  std::vector<PromptedScene> prompts;
  std::vector<Picture> pictures;  // of each prompt
  Evaluation scores;
};

// Throws NotFound and others where the model or a judge cannot be loaded, before anything is drawn; InvalidArgument for
// an unknown world; Cancelled where it was stopped.
ModelEvaluation evaluate_model(const ModelEvaluationOptions& options, const OnEvaluationProgress& on_progress = {});

}  // namespace easel
