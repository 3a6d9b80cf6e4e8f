#include "models/clip/clip_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

nlohmann::json tiny_config() {
  const nlohmann::json tower = {
      {"hidden_size", 8}, {"intermediate_size", 12}, {"num_hidden_layers", 1}, {"num_attention_heads", 2}};
  nlohmann::json text = tower, vision = tower;
  text.update({{"vocab_size", 20}, {"max_position_embeddings", 6}, {"eos_token_id", 19}});
  vision.update({{"image_size", 8}, {"patch_size", 4}});
  return {{"projection_dim", 6}, {"text_config", text}, {"vision_config", vision}};
}

// Random weights, but the temperature given.
class WithLogitScale final : public WeightSource {
 public:
  explicit WithLogitScale(float logit_scale) : logit_scale_(logit_scale) {}
  Tensor get(const std::string& name, const Shape& shape) override {
    return name == "logit_scale" ? Tensor::full(shape, logit_scale_) : random_.get(name, shape);
  }
  bool has(const std::string&) const override { return true; }

 private:
  float logit_scale_;
  RandomWeights random_{2, DType::f32};
};

ClipModel model_with(float logit_scale) {
  WithLogitScale weights(logit_scale);
  return ClipModel(ClipConfig::from_json(tiny_config()), weights);
}

TEST(ClipModel, EmbedsAreUnitVectorsOfOneSize) {
  const ClipModel model = model_with(1.0f);
  const Tensor texts = model.text_embeds(Tensor::from({2, 4}, std::vector<int32_t>{0, 3, 19, 19, 0, 5, 7, 19}));
  const Tensor images = model.image_embeds(RandomWeights(5, DType::f32).get("pictures", {3, 8, 8, 3}));
  ASSERT_EQ(texts.shape(), (Shape{2, 6}));
  ASSERT_EQ(images.shape(), (Shape{3, 6}));
  for (const Tensor& embeds : {texts, images})
    for (int64_t n = 0; n < embeds.dim(0); ++n) {
      double squares = 0;
      for (float value : embeds.rows(n, n + 1).span()) squares += static_cast<double>(value) * value;
      EXPECT_NEAR(squares, 1.0, 1e-6);
    }
}

// Unit vectors at right angles and 60 degrees; the factor is e^1, and never above 100.
TEST(ClipModel, LogitsAreCosinesTimesTheFactor) {
  const float half_root3 = std::sqrt(3.0f) / 2;
  const Tensor images = Tensor::from({2, 6}, std::vector<float>{1, 0, 0, 0, 0, 0, 0.5f, half_root3, 0, 0, 0, 0});
  const Tensor texts = Tensor::from({1, 6}, std::vector<float>{1, 0, 0, 0, 0, 0});
  const float e = std::exp(1.0f);
  EXPECT_TRUE(tensors_near(model_with(1.0f).logits_per_image(images, texts),
                           Tensor::from({2, 1}, std::vector<float>{e, e / 2}), tolerance::kActivation,
                           tolerance::kActivation));
  EXPECT_NEAR(model_with(9.0f).logits_per_image(images, texts).f32()[0], 100.0f, 1e-3);
}

TEST(ClipConfig, TowersMustBeThere) {
  nlohmann::json config = tiny_config();
  config.erase("vision_config");
  EXPECT_THROW(ClipConfig::from_json(config), Error);
  config["vision_config"] = "large";
  EXPECT_THROW(ClipConfig::from_json(config), Error);
}

}  // namespace
}  // namespace easel
