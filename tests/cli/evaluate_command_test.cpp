// easel evaluate, with a scorer and a CLIP of a few training steps: what it prints and writes, not how good it is.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "checkpoints/model_folder.h"
#include "cli/easel_process.h"
#include "evaluation/scorer_model.h"
#include "files/json_reader.h"
#include "models/layers/weight_source.h"

namespace easel {
namespace {

// Random weights that remember what they gave.
class Recording final : public WeightSource {
 public:
  Tensor get(const std::string& name, const Shape& shape) override {
    return given[name] = RandomWeights(4, DType::f32).get(name, shape);
  }
  bool has(const std::string&) const override { return true; }
  std::map<std::string, Tensor> given;
};

class Evaluate : public testing::Test {
 protected:
  void SetUp() override {
    const ScorerConfig config{
        .image_size = 16, .block_out_channels = {8, 16}, .norm_num_groups = 4, .num_attention_heads = 2};
    Recording weights;
    const ScorerModel model(config, weights);
    write_component(folder_.path() / "scorer", config.to_json(), kTransformersWeights, weights.given, DType::f16);
  }
  std::vector<std::string> arguments(const std::vector<std::string>& more) const {
    std::vector<std::string> all{"evaluate",  "-m", tiny_model(),   "--scorer", folder_ / "scorer", "--steps", "1",
                                 "--prompts", "5",  "--batch-size", "2"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  // A copy of the tiny model that says it was trained on this world.
  std::string model_of_world(const std::string& world) const {
    const std::filesystem::path model = folder_.path() / "model";
    std::filesystem::copy(tiny_model(), model, std::filesystem::copy_options::recursive);
    nlohmann::json index = read_json(model / "model_index.json");
    index["storybook_world"] = world;
    write_json(model / "model_index.json", index);
    return model;
  }
  std::vector<std::string> prompts(const std::string& model, const std::vector<std::string>& more) const;

  test::TemporaryFolder folder_;
};

TEST_F(Evaluate, JudgesEditsAndShowsThem) {
  const ProcessResult result = run_easel({"evaluate", "-m", tiny_model(), "--scorer", folder_ / "scorer", "--steps",
                                          "2", "--edits", "2", "--json", "-o", folder_ / "report"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const nlohmann::json scores = nlohmann::json::parse(result.out);
  for (const char* trial : {"replace", "hat", "remove", "restyle"}) {
    EXPECT_EQ(scores.at(trial).at("count"), 2);
    EXPECT_LE(scores.at(trial).at("right"), 2);
    EXPECT_LE(scores.at(trial).at("readable"), 2);
  }
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report" / "edits.png"));
  EXPECT_EQ(run_easel({"evaluate", "-m", tiny_model(), "--edits", "2", "--prompts", "4"}).exit_status, 2);
}

TEST_F(Evaluate, PrintsTheAgreedJsonAndWritesAReport) {
  const ProcessResult result = run_easel(arguments({"--json", "-o", folder_ / "report"}));
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const nlohmann::json json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json.size(), 6u);
  for (const char* part : {"seen", "held_out", "scorer_accuracy"})
    for (const char* attribute : {"kind", "colour", "count", "relation", "setting", "style"})
      EXPECT_TRUE(json.at(part).contains(attribute)) << part << " " << attribute;
  EXPECT_TRUE(json.at("frechet").is_number());
  EXPECT_TRUE(json.at("vae_psnr").is_number());
  EXPECT_TRUE(json.at("clip_score").is_null());
  for (const char* name : {"report.html", "metadata.jsonl", "evaluation.json", "pictures/0004.png"})
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / "report" / name)) << name;
}

TEST_F(Evaluate, PrintsATableThatIsTheSameForASeed) {
  const ProcessResult first = run_easel(arguments({"--seed", "3"}));
  ASSERT_EQ(first.exit_status, 0) << first.err;
  EXPECT_NE(first.out.find("held out"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("PSNR"), std::string::npos) << first.out;
  EXPECT_EQ(run_easel(arguments({"--seed", "3", "--batch-size", "5"})).out, first.out);
}

// The prompts of a run, from its report.
std::vector<std::string> Evaluate::prompts(const std::string& model, const std::vector<std::string>& more) const {
  std::vector<std::string> all = arguments({"-m", model, "-o", folder_ / "report"});
  all.insert(all.end(), more.begin(), more.end());
  const ProcessResult result = run_easel(all);
  EXPECT_EQ(result.exit_status, 0) << result.err;
  std::ifstream lines(folder_ / "report/metadata.jsonl");
  std::vector<std::string> prompts;
  for (std::string line; std::getline(lines, line);) prompts.push_back(nlohmann::json::parse(line).at("text"));
  return prompts;
}

TEST_F(Evaluate, AsksForTheWorldOfTheModelsTraining) {
  const std::string model = model_of_world("first");
  const std::vector<std::string> first = prompts(model, {});
  ASSERT_EQ(first.size(), 5u);
  EXPECT_EQ(first, prompts(tiny_model(), {"--world", "first"}));
  EXPECT_EQ(prompts(model, {"--world", "small"}), prompts(tiny_model(), {"--world", "small"}));
  EXPECT_NE(prompts(model, {"--world", "small"}), first);
  // Of a model that does not say.
  EXPECT_EQ(prompts(tiny_model(), {}), prompts(model, {"--world", "whole"}));
}

TEST_F(Evaluate, AModelOfAnUnknownWorldIsAnErrorOfItsFile) {
  const ProcessResult result = run_easel(arguments({"-m", model_of_world("flat")}));
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.err.find("model_index.json': [storybook] world = flat"), std::string::npos) << result.err;
}

TEST_F(Evaluate, TheDefaultModelSaysItsWorld) {
  unsetenv("EASEL_MODEL");
  const ProcessResult result = run_easel({"evaluate", "--prompts", "2", "--steps", "1"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("2 prompts of the world first\n")) << result.out;
}

TEST_F(Evaluate, WhatIsMissingIsNamedBeforeAnythingIsComputed) {
  const ProcessResult no_scorer = run_easel({"evaluate", "-m", tiny_model(), "--prompts", "10000"});
  EXPECT_EQ(no_scorer.exit_status, 1);
  EXPECT_NE(no_scorer.err.find("scorer/config.json"), std::string::npos) << no_scorer.err;
  const ProcessResult no_clip = run_easel(arguments({"--clip", folder_ / "no_such_clip", "--prompts", "10000"}));
  EXPECT_EQ(no_clip.exit_status, 1);
  EXPECT_NE(no_clip.err.find("no_such_clip"), std::string::npos) << no_clip.err;
  const ProcessResult no_world = run_easel(arguments({"--world", "flat", "--prompts", "10000"}));
  EXPECT_EQ(no_world.exit_status, 2);
  EXPECT_NE(no_world.err.find("small, whole"), std::string::npos) << no_world.err;
}

TEST_F(Evaluate, InterruptStopsIt) {
  EaselProcess process(arguments({"--prompts", "500", "--steps", "500"}), folder_.path());
  usleep(1'000'000);
  process.send_signal(SIGINT);
  EXPECT_EQ(process.wait().exit_status, 130);
}

// The whole way: both judges trained from the command line, then used.
TEST_F(Evaluate, TakesAScorerAndAClipThatEaselTrained) {
  if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
  const ProcessResult scorer = run_easel(
      {"train", "scorer", "--output-dir", folder_ / "scorer_run", "--max-train-steps", "2", "--train-batch-size", "4",
       "--storybook-world", "small", "--vision-model",
       R"({"image_size": 16, "block_out_channels": [8, 16], "norm_num_groups": 4, "num_attention_heads": 2})"});
  ASSERT_EQ(scorer.exit_status, 0) << scorer.err;
  const std::string tower = R"("hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1,
                               "num_attention_heads": 2)";
  const ProcessResult clip =
      run_easel({"train", "clip", "--output-dir", folder_ / "clip_run", "--max-train-steps", "2", "--train-batch-size",
                 "4", "--storybook-world", "small", "--resolution", "16", "--tokenizer", tiny_model() + "/tokenizer",
                 "--text-encoder", "{" + tower + R"(, "vocab_size": 514, "projection_dim": 8})", "--vision-model",
                 "{" + tower + R"(, "image_size": 16, "patch_size": 8})"});
  ASSERT_EQ(clip.exit_status, 0) << clip.err;
  const ProcessResult result =
      run_easel({"evaluate", "-m", tiny_model(), "--scorer", folder_ / "scorer_run/model", "--clip",
                 folder_ / "clip_run/model", "--prompts", "4", "--steps", "1", "--json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(nlohmann::json::parse(result.out).at("clip_score").is_number());
}

}  // namespace
}  // namespace easel
