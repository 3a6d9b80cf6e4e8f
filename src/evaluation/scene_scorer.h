// scene_scorer.h — whether pictures show the Storybook scenes that they were asked to show.
#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "easel/picture.h"
#include "evaluation/scorer_model.h"
#include "storybook/scene.h"

namespace easel {

// What is right in one picture.
struct SceneVerdict {
  bool kind = false;    // the picture shows every kind of the scene and no other
  bool colour = false;  // each subject's: of what comes nearest to its kind
  bool count = false;   // of each subject's kind
  // Both subjects are there and stand as they should; for `wearing`: the first subject wears the accessory. Unset where
  // the scene states no relation.
  std::optional<bool> relation;
  bool setting = false;
  bool style = false;
};

// Verdicts on the pictures that `output` is of, in the order of their scenes. relations: ScorerModel::relations asked
// of the scenes' first two kinds. Tensors on the host.
std::vector<SceneVerdict> judge(const storybook::SceneLabels& labels, const ScorerOutput& output,
                                const Tensor& relations, std::span<const storybook::Scene> scenes);

struct ScoredPictures {
  std::vector<SceneVerdict> verdicts;  // [N]
  Tensor features;                     // [N, feature_size] on the host
};

class SceneScorer {
 public:
  // A folder with config.json and model.safetensors. Throws NotFound, CorruptFile, Unsupported.
  static SceneScorer load(const std::filesystem::path& folder, BackendKind backend = BackendKind::cpu);
  SceneScorer(ScorerModel model, BackendKind backend) : model_(std::move(model)), backend_(backend) {}

  // pictures[n] was to show scenes[n]. Any size: resized to the scorer's.
  ScoredPictures score(std::span<const Picture> pictures, std::span<const storybook::Scene> scenes) const;

 private:
  ScorerModel model_;
  BackendKind backend_;
};

// Shares of 0..1; unset where no picture counted.
struct AttributeScores {
  std::optional<double> kind, colour, count, relation, setting, style;
};
AttributeScores attribute_scores(std::span<const SceneVerdict> verdicts);

}  // namespace easel
