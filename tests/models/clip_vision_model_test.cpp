// The image tower against its definition, written out in loops over doubles.
#include "models/clip/clip_vision_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

const nlohmann::json& tiny_config() {
  static const nlohmann::json config = {{"hidden_size", 8},         {"intermediate_size", 12}, {"num_hidden_layers", 2},
                                        {"num_attention_heads", 2}, {"image_size", 8},         {"patch_size", 4},
                                        {"projection_dim", 6},      {"hidden_act", "gelu"}};
  return config;
}

using Row = std::vector<double>;
using Rows = std::vector<Row>;  // tokens

// Weights by name, as the network under test gets them.
class PlainWeights {
 public:
  Tensor get(const std::string& name, const Shape& shape) const { return random_.get(name, shape); }
  Row row(const std::string& name, int64_t size) const { return values(get(name, {size})); }
  Rows rows(const std::string& name, int64_t count, int64_t size) const {
    const Row all = values(get(name, {count, size}));
    Rows result;
    for (int64_t i = 0; i < count; ++i) result.emplace_back(all.begin() + i * size, all.begin() + (i + 1) * size);
    return result;
  }

 private:
  static Row values(const Tensor& tensor) {
    const std::vector<float> v = tensor.to_vector();
    return {v.begin(), v.end()};
  }
  mutable RandomWeights random_{11, DType::f32};
};

Row product(const Rows& matrix, const Row& x) {
  Row y;
  for (const Row& weights : matrix) {
    double sum = 0;
    for (size_t i = 0; i < x.size(); ++i) sum += weights[i] * x[i];
    y.push_back(sum);
  }
  return y;
}

Row sum(Row a, const Row& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

Row plain_linear(const PlainWeights& w, const std::string& name, const Row& x, int64_t out) {
  return sum(product(w.rows(name + ".weight", out, static_cast<int64_t>(x.size())), x), w.row(name + ".bias", out));
}

Row plain_norm(const PlainWeights& w, const std::string& name, Row x) {
  const auto count = static_cast<double>(x.size());
  double mean = 0, variance = 0;
  for (double v : x) mean += v / count;
  for (double v : x) variance += (v - mean) * (v - mean) / count;
  const Row weight = w.row(name + ".weight", static_cast<int64_t>(x.size()));
  for (size_t i = 0; i < x.size(); ++i) x[i] = (x[i] - mean) / std::sqrt(variance + 1e-5) * weight[i];
  return sum(x, w.row(name + ".bias", static_cast<int64_t>(x.size())));
}

// Every token attends to every token, separately in each half of the channels.
Rows plain_attention(const Rows& q, const Rows& k, const Rows& v, size_t heads) {
  const size_t size = q[0].size() / heads;
  Rows result(q.size(), Row(q[0].size(), 0.0));
  for (size_t i = 0; i < q.size(); ++i)
    for (size_t channel = 0; channel < q[0].size(); channel += size) {
      Row weights;
      double total = 0;
      for (const Row& key : k) {
        double score = 0;
        for (size_t c = channel; c < channel + size; ++c) score += q[i][c] * key[c];
        weights.push_back(std::exp(score / std::sqrt(static_cast<double>(size))));
        total += weights.back();
      }
      for (size_t j = 0; j < v.size(); ++j)
        for (size_t c = channel; c < channel + size; ++c) result[i][c] += weights[j] / total * v[j][c];
    }
  return result;
}

Rows plain_layer(const PlainWeights& w, const std::string& layer, const Rows& x) {
  Rows q, k, v, result;
  for (const Row& token : x) {
    const Row normed = plain_norm(w, layer + "layer_norm1", token);
    q.push_back(plain_linear(w, layer + "self_attn.q_proj", normed, 8));
    k.push_back(plain_linear(w, layer + "self_attn.k_proj", normed, 8));
    v.push_back(plain_linear(w, layer + "self_attn.v_proj", normed, 8));
  }
  const Rows attended = plain_attention(q, k, v, 2);
  for (size_t i = 0; i < x.size(); ++i) {
    const Row h = sum(plain_linear(w, layer + "self_attn.out_proj", attended[i], 8), x[i]);
    Row inner = plain_linear(w, layer + "mlp.fc1", plain_norm(w, layer + "layer_norm2", h), 12);
    for (double& value : inner) value *= 0.5 * std::erfc(-value / std::sqrt(2.0));
    result.push_back(sum(plain_linear(w, layer + "mlp.fc2", inner, 8), h));
  }
  return result;
}

// The pixels of patch (row, column), channel by channel as the filter stores them: [3 * 4 * 4].
Row patch_values(const Tensor& picture, int64_t row, int64_t column) {
  Row values;
  for (int64_t c = 0; c < 3; ++c)
    for (int64_t y = 0; y < 4; ++y)
      for (int64_t x = 0; x < 4; ++x) values.push_back(picture.f32()[((row * 4 + y) * 8 + column * 4 + x) * 3 + c]);
  return values;
}

Row plain_image_embeds(const PlainWeights& w, const Tensor& picture) {
  const std::string embeddings = "vision_model.embeddings.";
  const std::vector<float> filters = w.get(embeddings + "patch_embedding.weight", {8, 3, 4, 4}).to_vector();
  Rows matrix;
  for (size_t i = 0; i < 8; ++i) matrix.emplace_back(filters.begin() + 48 * i, filters.begin() + 48 * (i + 1));
  Rows x{w.row(embeddings + "class_embedding", 8)};
  for (int64_t patch = 0; patch < 4; ++patch) x.push_back(product(matrix, patch_values(picture, patch / 2, patch % 2)));
  const Rows positions = w.rows(embeddings + "position_embedding.weight", 5, 8);
  for (size_t i = 0; i < x.size(); ++i) x[i] = plain_norm(w, "vision_model.pre_layrnorm", sum(x[i], positions[i]));
  for (const char* layer : {"0", "1"}) x = plain_layer(w, std::string("vision_model.encoder.layers.") + layer + ".", x);
  return product(w.rows("visual_projection.weight", 6, 8), plain_norm(w, "vision_model.post_layernorm", x[0]));
}

TEST(ClipVisionModel, EqualsItsDefinitionForEveryPictureOfABatch) {
  RandomWeights weights(11, DType::f32), values(5, DType::f32);
  const ClipVisionModel model(ClipVisionConfig::from_json(tiny_config()), weights);
  const Tensor pictures = values.get("pictures", {3, 8, 8, 3});
  const ClipVisionOutput output = model(pictures);
  EXPECT_EQ(output.last_hidden_state.shape(), (Shape{3, 5, 8}));
  std::vector<float> expected;
  for (int64_t n = 0; n < 3; ++n)
    for (double value : plain_image_embeds(PlainWeights(), pictures.rows(n, n + 1)))
      expected.push_back(static_cast<float>(value));
  EXPECT_TRUE(tensors_near(output.image_embeds, Tensor::from({3, 6}, expected), tolerance::kOtherSummationOrder,
                           tolerance::kOtherSummationOrder));
}

TEST(ClipVisionModel, AnotherSizeIsRefusedWithTheOneItTakes) {
  RandomWeights weights(11);
  const ClipVisionModel model(ClipVisionConfig::from_json(tiny_config()), weights);
  try {
    model(Tensor::zeros({2, 16, 8, 3}));
    FAIL() << "accepted 16x8";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("[1, 8, 8, 3]"), std::string::npos) << error.what();
  }
}

TEST(ClipVisionConfig, WrongValuesAreNamed) {
  nlohmann::json config = tiny_config();
  config["patch_size"] = 3;
  EXPECT_THROW(ClipVisionConfig::from_json(config), Error);
  config["patch_size"] = 4;
  config["num_attention_heads"] = 3;
  EXPECT_THROW(ClipVisionConfig::from_json(config), Error);
}

}  // namespace
}  // namespace easel
