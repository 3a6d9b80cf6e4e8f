// scorer_model.h — a small network that reads a Storybook picture back: which kinds of subject it shows, how many of
// each, their colours and what they wear, how two of them stand to each other, the setting and the style. It is trained
// on drawings (tasks/scorer_task.h) and judges generated pictures (scene_scorer.h).
//
// Everything is asked per kind ("how many cats, of which colour?"), and a relation is asked of two kinds in their
// order, so the picture determines every answer: nothing depends on which subject a caption names first. A scene never
// has two subjects of one kind.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "models/layers/resnet_block.h"
#include "storybook/scene_labels.h"

namespace easel {

struct ScorerConfig {
  int64_t image_size = 128;  // pixels of a side
  std::vector<int64_t> block_out_channels{24, 48, 96, 160};
  int64_t norm_num_groups = 8;
  int64_t num_attention_heads = 5;
  storybook::SceneLabels labels = storybook::SceneLabels::of(storybook::World::whole());

  int64_t feature_size() const { return block_out_channels.back(); }
  // The names of all labels are part of the file; without them all that code draws is meant. Throws CorruptFile, and
  // Unsupported where this build's Storybook lacks one of them: such a scorer has to be trained again.
  static ScorerConfig from_json(const nlohmann::json& config);
  nlohmann::json to_json() const;
};

// Logits; the classes are those of ScorerConfig::labels. K: kinds.
struct ScorerOutput {
  Tensor features;     // [N, feature_size]: the last feature map's mean, for the Fréchet distance
  Tensor counts;       // [N, K, 5]: how many of the kind, 0 (absent) to 4
  Tensor colours;      // [N, K, colours]
  Tensor accessories;  // [N, K, accessories]
  Tensor settings;     // [N, settings]
  Tensor styles;       // [N, styles]
  Tensor kinds;        // [N, K, feature_size]: what the picture says of each kind; input of relations()
};

class ScorerModel {
 public:
  ScorerModel(const ScorerConfig& config, WeightSource& weights);

  // pictures: [N, image_size, image_size, 3] in [-1, 1].
  ScorerOutput operator()(const Tensor& pictures) const;
  // How the kind first[n] stands to the kind second[n]: [N, relations] logits. first, second: [N] i32 classes of kinds.
  Tensor relations(const ScorerOutput& output, const Tensor& first, const Tensor& second) const;
  const ScorerConfig& config() const { return config_; }

 private:
  struct Stage {
    Downsample2D downsampler;
    ResnetBlock2D resnet;
  };
  Tensor feature_map(const Tensor& pictures) const;
  Tensor kind_vectors(const Tensor& map) const;

  ScorerConfig config_;
  Conv2d conv_in_;  // of stride 2
  std::vector<Stage> stages_;
  GroupNorm norm_out_;
  Tensor position_embedding_;  // [pixels of the last map, C]
  Tensor kind_embedding_;      // [K, C]: what to look for
  Linear to_k_, to_v_, to_out_;
  LayerNorm kind_norm_;
  Linear kind_proj_, count_proj_, colour_proj_, accessory_proj_;
  Linear map_count_proj_;  // counts from the mean of the map, which unlike attention adds up
  Linear relation_in_, relation_proj_;
  Linear setting_proj_, style_proj_;
};

}  // namespace easel
