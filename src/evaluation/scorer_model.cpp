#include "evaluation/scorer_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "easel/error.h"
#include "models/clip/clip_encoder.h"
#include "storybook/kind_row.h"

namespace easel {
namespace {

using namespace storybook;

constexpr int64_t kCounts = 5;  // 0 to 4 of a kind

int64_t label_count(const auto& labels) { return static_cast<int64_t>(labels.size()); }

template <typename T>
std::vector<std::string> names(const std::vector<T>& labels, const char* (*name)(T)) {
  std::vector<std::string> result;
  for (const T label : labels) result.emplace_back(name(label));
  return result;
}

nlohmann::json label_names(const SceneLabels& labels) {
  return {{"kinds", names(labels.kinds, kind_name)},
          {"colours", names(labels.colours, colour_name)},
          {"accessories", names(labels.accessories, accessory_name)},
          {"relations", names(labels.relations, relation_name)},
          {"settings", names(labels.settings, setting_name)},
          {"styles", names(labels.styles, style_name)}};
}

// The labels of the list that have these names. Throws Unsupported where one of them is unknown.
template <typename T>
std::vector<T> read_labels(const ConfigReader& reader, const char* key, std::span<const T> known,
                           const char* (*name)(T)) {
  std::vector<T> labels;
  for (const std::string& wanted : reader.texts(key)) {
    const auto found = std::find_if(known.begin(), known.end(), [&](T label) { return name(label) == wanted; });
    if (found == known.end() || label_of(labels, *found) >= 0) reader.unsupported(key);
    labels.push_back(*found);
  }
  return labels;
}

SceneLabels read_labels(const ConfigReader& reader) {
  if (!reader.is_set("kinds")) return SceneLabels::of(World::whole());
  const bool pictures = reader.boolean("pictures", false);
  return {.kinds = read_labels(reader, "kinds", pictures ? picture_kinds() : drawn_kinds(), kind_name),
          .colours = read_labels(reader, "colours", all_colours(), colour_name),
          .accessories = read_labels(reader, "accessories", all_accessories(), accessory_name),
          .relations = read_labels(reader, "relations", all_relations(), relation_name),
          .settings = read_labels(reader, "settings", all_settings(), setting_name),
          .styles = read_labels(reader, "styles", all_styles(), style_name)};
}

// x: [N, H, W, C]. Returns [N, C].
Tensor mean_over_pixels(const Tensor& x) {
  const int64_t n = x.dim(0), pixels = x.dim(1) * x.dim(2), channels = x.dim(3);
  return reshape(row_means(reshape(permute(x, {0, 3, 1, 2}), {n * channels, pixels})), {n, channels});
}

}  // namespace

ScorerConfig ScorerConfig::from_json(const nlohmann::json& json) {
  const ConfigReader reader(json, "scorer");
  ScorerConfig config;
  config.image_size = reader.integer("image_size", config.image_size, 16, 1024);
  if (reader.is_set("block_out_channels")) config.block_out_channels = reader.integers("block_out_channels");
  config.norm_num_groups = reader.integer("norm_num_groups", config.norm_num_groups, 1, 1024);
  config.num_attention_heads = reader.integer("num_attention_heads", config.num_attention_heads, 1, 1024);
  const std::vector<int64_t>& channels = config.block_out_channels;
  if (channels.empty() || channels.size() > 8) reader.wrong("block_out_channels", "a list of 1 to 8 numbers");
  for (int64_t count : channels)
    if (count < 1 || count > kMaxConfigExtent || count % config.norm_num_groups != 0)
      reader.wrong("block_out_channels", "multiples of norm_num_groups");
  if (config.image_size % (int64_t{1} << channels.size()) != 0)
    reader.wrong("image_size", "divisible by 2 once for each of block_out_channels");
  if (channels.back() % config.num_attention_heads != 0) reader.unsupported("num_attention_heads");
  config.labels = read_labels(reader);
  return config;
}

nlohmann::json ScorerConfig::to_json() const {
  nlohmann::json json = {{"_class_name", "StorybookScorer"},
                         {"image_size", image_size},
                         {"block_out_channels", block_out_channels},
                         {"norm_num_groups", norm_num_groups},
                         {"num_attention_heads", num_attention_heads}};
  json.update(label_names(labels));
  if (!labels.kinds.empty() && row_of(labels.kinds.front()).picture) json["pictures"] = true;
  return json;
}

ScorerModel::ScorerModel(const ScorerConfig& config, WeightSource& weights) : config_(config) {
  const WeightScope scope(weights);
  const std::vector<int64_t>& channels = config.block_out_channels;
  conv_in_ = Conv2d(scope / "conv_in", 3, channels[0], 3);
  conv_in_.options.stride = 2;
  for (size_t i = 1; i < channels.size(); ++i) {
    const WeightScope stage = scope / "stages" / static_cast<int64_t>(i - 1);
    stages_.push_back({.downsampler = Downsample2D(stage / "downsampler", channels[i - 1], Padding::all(1)),
                       .resnet = ResnetBlock2D(stage / "resnet", {.in_channels = channels[i - 1],
                                                                  .out_channels = channels[i],
                                                                  .norm_num_groups = config.norm_num_groups})});
  }
  const int64_t width = config.feature_size(), kinds = label_count(config.labels.kinds);
  const int64_t side = config.image_size >> channels.size();
  norm_out_ = GroupNorm(scope / "norm_out", width, {.num_groups = config.norm_num_groups, .fuse_silu = true});
  position_embedding_ = scope.get("position_embedding.weight", {side * side, width});
  kind_embedding_ = scope.get("kind_embedding.weight", {kinds, width});
  to_k_ = Linear(scope / "to_k", width, width);
  to_v_ = Linear(scope / "to_v", width, width);
  to_out_ = Linear(scope / "to_out", width, width);
  kind_norm_ = LayerNorm(scope / "kind_norm", width);
  kind_proj_ = Linear(scope / "kind_proj", width, width);
  count_proj_ = Linear(scope / "count_proj", width, kCounts);
  map_count_proj_ = Linear(scope / "map_count_proj", width, kinds * kCounts);
  colour_proj_ = Linear(scope / "colour_proj", width, label_count(config.labels.colours));
  accessory_proj_ = Linear(scope / "accessory_proj", width, label_count(config.labels.accessories));
  relation_in_ = Linear(scope / "relation_in", 2 * width, width);
  relation_proj_ = Linear(scope / "relation_proj", width, label_count(config.labels.relations));
  setting_proj_ = Linear(scope / "setting_proj", width, label_count(config.labels.settings));
  style_proj_ = Linear(scope / "style_proj", width, label_count(config.labels.styles));
}

Tensor ScorerModel::feature_map(const Tensor& pictures) const {
  Tensor x = conv_in_(pictures);  // [N, S / 2, S / 2, C_0]
  for (const Stage& stage : stages_) x = stage.resnet(stage.downsampler(x));
  return norm_out_(x);  // [N, 8, 8, C] of 128 x 128 pixels
}

Tensor ScorerModel::kind_vectors(const Tensor& map) const {
  const int64_t n = map.dim(0), pixels = map.dim(1) * map.dim(2), width = map.dim(3);
  const int64_t kinds = kind_embedding_.dim(0);
  const BackendKind backend = map.backend_kind();
  const Tensor tokens =
      add(reshape(map, {n, pixels, width}), embedding(position_ids(n, pixels, backend), position_embedding_));
  const Tensor queries = embedding(position_ids(n, kinds, backend), kind_embedding_);  // [N, K, C]
  const Tensor found =
      attention(queries, to_k_(tokens), to_v_(tokens), {.num_heads = config_.num_attention_heads});  // [N, K, C]
  return kind_proj_(kind_norm_(to_out_(found, {.residual = queries})), {.activation = Activation::silu});
}

ScorerOutput ScorerModel::operator()(const Tensor& pictures) const {
  const int64_t n = pictures.dim(0);
  if (pictures.shape() != Shape{n, config_.image_size, config_.image_size, 3})
    throw Error(ErrorCode::InvalidArgument, "[scorer] pictures " + pictures.shape().to_string() + "; must be " +
                                                std::to_string(config_.image_size) + " pixels a side");
  const Tensor map = feature_map(pictures);
  ScorerOutput output;
  output.features = mean_over_pixels(map);
  output.kinds = kind_vectors(map);
  const Tensor map_counts = reshape(map_count_proj_(output.features), {n, kind_embedding_.dim(0), kCounts});
  output.counts = count_proj_(output.kinds, {.residual = map_counts});
  output.colours = colour_proj_(output.kinds);
  output.accessories = accessory_proj_(output.kinds);
  output.settings = setting_proj_(output.features);
  output.styles = style_proj_(output.features);
  return output;
}

Tensor ScorerModel::relations(const ScorerOutput& output, const Tensor& first, const Tensor& second) const {
  const BackendKind backend = output.kinds.backend_kind();
  const Tensor pair = concat(
      {select_token(output.kinds, to_backend(first, backend)), select_token(output.kinds, to_backend(second, backend))},
      1);  // [N, 2 C]
  return relation_proj_(relation_in_(pair, {.activation = Activation::silu}));
}

}  // namespace easel
