#include "evaluation/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "evaluation/evaluation_report.h"
#include "storybook/held_out.h"
#include "temporary_folder.h"

namespace easel {
namespace {

EvaluationOptions small_options() {
  return {.world = storybook::World::small(), .num_prompts = 11, .seed = 4, .size_px = 16};
}

SceneScorer random_scorer() {
  RandomWeights weights(3, DType::f32);
  return SceneScorer(
      ScorerModel({.image_size = 16, .block_out_channels = {8, 16}, .norm_num_groups = 4, .num_attention_heads = 2},
                  weights),
      BackendKind::cpu);
}

AutoencoderKL small_vae() {
  RandomWeights weights(7, DType::f32);
  return AutoencoderKL(AutoencoderConfig::from_json({{"block_out_channels", {16, 32}}, {"norm_num_groups", 8}}),
                       weights);
}

Picture grey_picture(int side, uint8_t level) {
  return {.width_px = side,
          .height_px = side,
          .channels = 3,
          .pixels = std::vector<uint8_t>(static_cast<size_t>(side * side * 3), level)};
}

TEST(Evaluation, PromptsAreHalfSeenHalfHeldOutAndNameEverything) {
  const std::vector<PromptedScene> prompts = evaluation_prompts(small_options());
  ASSERT_EQ(prompts.size(), 11u);
  for (size_t i = 0; i < prompts.size(); ++i) {
    EXPECT_EQ(prompts[i].split, i < 6 ? storybook::Split::train : storybook::Split::held_out);
    EXPECT_EQ(storybook::is_held_out(prompts[i].scene), i >= 6);
    EXPECT_FALSE(prompts[i].prompt.empty());
  }
}

TEST(Evaluation, ScenesAreTheSameForASeedAndRendersAreOthers) {
  EvaluationOptions options = small_options();
  const auto seeds = [](const auto& scenes) {
    std::vector<uint64_t> all;
    for (const auto& item : scenes) {
      if constexpr (requires { item.scene; })
        all.push_back(item.scene.seed);
      else
        all.push_back(item.seed);
    }
    return all;
  };
  const std::vector<uint64_t> prompted = seeds(evaluation_prompts(options));
  EXPECT_EQ(prompted, seeds(evaluation_prompts(options)));
  EXPECT_NE(prompted, seeds(evaluation_renders(options).scenes));
  options.seed = 5;
  EXPECT_NE(prompted, seeds(evaluation_prompts(options)));
}

TEST(Evaluation, JsonHasTheAgreedKeysAndNullForWhatIsUnknown) {
  const EvaluationOptions options = small_options();
  const RealRenders renders = evaluation_renders(options);
  const std::vector<PromptedScene> prompts = evaluation_prompts(options);
  const SceneScorer scorer = random_scorer();
  const Evaluation evaluation = evaluate_pictures(prompts, renders.pictures, renders, {.scorer = scorer});
  const nlohmann::ordered_json json = evaluation_to_json(evaluation);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_EQ(keys,
            (std::vector<std::string>{"seen", "held_out", "scorer_accuracy", "frechet", "clip_score", "vae_psnr"}));
  for (const char* part : {"seen", "held_out", "scorer_accuracy"})
    for (const char* attribute : {"kind", "colour", "count", "relation", "setting", "style"})
      EXPECT_TRUE(json.at(part).contains(attribute)) << part << " " << attribute;
  EXPECT_TRUE(json.at("clip_score").is_null());
  EXPECT_TRUE(json.at("vae_psnr").is_null());
  // The very pictures that they are compared with.
  EXPECT_NEAR(json.at("frechet").get<double>(), 0.0, 1e-3);
  EXPECT_NE(evaluation_table(evaluation).find("relation"), std::string::npos);
}

// Real renders of the prompted scenes score what the scorer is worth; of other scenes they cannot.
TEST(Evaluation, ReportHoldsPicturesPromptsAndVerdicts) {
  const EvaluationOptions options = small_options();
  const RealRenders renders = evaluation_renders(options);
  const std::vector<PromptedScene> prompts = evaluation_prompts(options);
  const SceneScorer scorer = random_scorer();
  const Evaluation evaluation = evaluate_pictures(prompts, renders.pictures, renders, {.scorer = scorer});
  const test::TemporaryFolder folder;
  write_evaluation_report(folder.path() / "report", evaluation, prompts, renders.pictures);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "report/pictures/0010.png"));
  std::ifstream lines(folder.path() / "report/metadata.jsonl");
  std::string line;
  size_t count = 0;
  for (; std::getline(lines, line); ++count) {
    const nlohmann::json json = nlohmann::json::parse(line);
    EXPECT_EQ(json.at("text"), prompts[count].prompt);
    EXPECT_EQ(json.at("right").at("kind").get<bool>(), evaluation.verdicts[count].kind);
  }
  EXPECT_EQ(count, prompts.size());
}

// A picture that is reconstructed as a constant: the error is known.
TEST(ReconstructionPsnr, IsTheDefinitionOnTheAutoencodersOwnOutput) {
  const AutoencoderKL vae = small_vae();
  const Picture picture = grey_picture(16, 51);  // -0.6
  const Tensor image = Tensor::full({1, 16, 16, 3}, -0.6f);
  const Tensor latents = vae.encode(image).mean;
  const Tensor decoded = vae.decode(weighted_sum({{vae.config().scaling_factor, latents}}));
  double squares = 0;
  for (float value : decoded.span()) squares += std::pow(std::min(1.0f, std::max(-1.0f, value)) + 0.6, 2);
  EXPECT_NEAR(reconstruction_psnr(vae, std::vector{picture, picture}, BackendKind::cpu),
              10 * std::log10(4 * 16 * 16 * 3 / squares), 1e-3);
}

}  // namespace
}  // namespace easel
