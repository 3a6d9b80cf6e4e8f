#include "evaluation/clip_score.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "checkpoints/model_folder.h"
#include "easel/error.h"
#include "model_tools/random_model.h"
#include "temporary_folder.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

// Random weights that remember what they gave.
class Recording final : public WeightSource {
 public:
  Tensor get(const std::string& name, const Shape& shape) override {
    return given[name] = RandomWeights(1, DType::f32).get(name, shape);
  }
  bool has(const std::string&) const override { return true; }
  std::map<std::string, Tensor> given;
};

// A CLIP folder of random weights, with the byte vocabulary of the tiny random model.
class ClipFolder : public testing::Test {
 protected:
  void SetUp() override {
    write_random_model(folder_.path() / "model", {});
    fs::copy(folder_.path() / "model/tokenizer", clip());
    const nlohmann::json tower = {
        {"hidden_size", 8}, {"intermediate_size", 12}, {"num_hidden_layers", 1}, {"num_attention_heads", 2}};
    nlohmann::json text = tower, vision = tower;
    text.update({{"vocab_size", 514}, {"eos_token_id", 513}});
    vision.update({{"image_size", 8}, {"patch_size", 4}});
    const nlohmann::json config = {{"projection_dim", 6}, {"text_config", text}, {"vision_config", vision}};
    Recording weights;
    const ClipModel model(ClipConfig::from_json(config), weights);
    write_component(clip(), config, kTransformersWeights, weights.given, DType::f32);
  }
  fs::path clip() const { return folder_.path() / "clip"; }
  void write_normalisation(double mean, double deviation) const {
    write_json(clip() / "preprocessor_config.json",
               {{"image_mean", {mean, mean, mean}}, {"image_std", {deviation, deviation, deviation}}});
  }

  test::TemporaryFolder folder_;
};

Picture speckled_picture(int side, int seed) {
  Picture picture{.width_px = side, .height_px = side, .channels = 3, .pixels = {}};
  for (int i = 0; i < side * side * 3; ++i) picture.pixels.push_back(static_cast<uint8_t>((i * 37 + seed * 101) % 256));
  return picture;
}

TEST_F(ClipFolder, ScoresAreCosinesInPercentThatTellPicturesAndCaptionsApart) {
  write_normalisation(0.5, 0.5);
  const ClipScorer scorer = ClipScorer::load(clip());
  const std::vector<Picture> pictures{speckled_picture(8, 1), speckled_picture(8, 2), speckled_picture(8, 1)};
  const std::vector<std::string> captions{"a red cat", "a red cat", "two lemons"};
  const std::vector<double> scores = scorer.score(pictures, captions);
  ASSERT_EQ(scores.size(), 3u);
  for (double score : scores) {
    EXPECT_GE(score, 0.0);
    EXPECT_LE(score, 100.001);
  }
  EXPECT_NE(scores[0], scores[1]);
  EXPECT_NE(scores[0], scores[2]);
  // Scores do not depend on what is scored with them.
  EXPECT_NEAR(scorer.score(std::span(pictures).subspan(2), std::span(captions).subspan(2))[0], scores[2], 1e-3);
}

TEST_F(ClipFolder, PixelsAreNormalisedAsTheFolderSays) {
  const std::vector<Picture> pictures{speckled_picture(8, 1), speckled_picture(8, 5)};
  const std::vector<std::string> captions{"a red cat", "a blue dog"};
  write_normalisation(0.5, 0.5);
  const std::vector<double> plain = ClipScorer::load(clip()).score(pictures, captions);
  write_normalisation(0.2, 0.1);
  EXPECT_NE(ClipScorer::load(clip()).score(pictures, captions), plain);
}

TEST_F(ClipFolder, WhatDoesNotFitIsRefused) {
  EXPECT_THROW(ClipScorer::load(clip()).score({}, std::vector<std::string>{"a cat"}), Error);
  write_json(clip() / "preprocessor_config.json", {{"image_mean", {0.5, 0.5}}});
  EXPECT_THROW(ClipScorer::load(clip()), Error);
  EXPECT_THROW(ClipScorer::load(folder_.path() / "no_such_folder"), Error);
}

}  // namespace
}  // namespace easel
