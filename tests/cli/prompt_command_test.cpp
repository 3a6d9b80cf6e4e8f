// easel prompt, and prompts that change or are drawn, as a user meets them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "cli/easel_process.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

using Arguments = std::vector<std::string>;
using nlohmann::json;

class Prompt : public testing::Test {
 protected:
  ProcessResult run(const Arguments& arguments) const { return run_easel(arguments, folder_.path()); }

  json explained(const Arguments& arguments) const {
    Arguments command = {"prompt", "--json"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run(command);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return json::parse(result.out, nullptr, false);
  }

  // The picture that a prompt makes with the tiny model, and what is written inside.
  PictureFile made(const std::string& prompt, const Arguments& more = {}) const {
    Arguments command = {"generate", prompt, "-m", tiny_model(), "--steps", "4",  "-s",
                         "5",        "-W",   "32", "-H",         "32",      "-o", "out.png"};
    command.insert(command.end(), more.begin(), more.end());
    const ProcessResult result = run(command);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return read_picture_file(folder_ / "out.png");
  }

  test::TemporaryFolder folder_;
};

TEST_F(Prompt, ShowsTokensWeightsAndWhatChanges) {
  const json result = explained({"a (red:1.3) [cat:dog:0.5] AND a beach :0.7", "--steps", "20"});
  ASSERT_EQ(result["parts"].size(), 2u);
  EXPECT_EQ(result["parts"][1]["weight"], 0.7);
  const json& schedule = result["parts"][0]["schedule"];
  ASSERT_EQ(schedule.size(), 2u);
  EXPECT_EQ(schedule[0]["last_step"], 11);
  EXPECT_EQ(schedule[1]["first_step"], 12);
  const json& tokens = schedule[1]["chunks"][0];
  ASSERT_EQ(tokens.size(), 3u);
  EXPECT_EQ(tokens[1]["text"], "red ");
  EXPECT_EQ(tokens[1]["weight"], 1.3);
  EXPECT_EQ(tokens[2]["text"], "dog ");

  const ProcessResult text = run({"prompt", "a (red:1.3) {cat}"});
  EXPECT_EQ(text.out, "drawn: a (red:1.3) cat\n  steps 1 to 25: a (red:1.3) cat\n    3 tokens: a red(1.3) cat\n")
      << text.err;
}

TEST_F(Prompt, EveryChunkIsShown) {
  const json result = explained({"a BREAK b", "-m", tiny_model()});
  EXPECT_EQ(result["parts"][0]["schedule"][0]["chunks"].size(), 2u);
}

TEST_F(Prompt, WhatItCannotMeanIsRefused) {
  for (const auto& [prompt, words] :
       std::vector<std::pair<std::string, std::string>>{{"a <lora:ink:0.8>", "'<lora:ink:0.8>': adapters"},
                                                        {"__nothing__", "no file wildcards/nothing.txt"},
                                                        {"(a:1.2.3)", "1.2.3"}}) {
    for (const char* command : {"prompt", "generate"}) {
      const ProcessResult result = run({command, prompt});
      EXPECT_EQ(result.exit_status != 0, true) << command << prompt;
      EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    }
  }
  EXPECT_TRUE(folder_.file_names().empty());
}

TEST_F(Prompt, WhatNeverChangesIsThePlainPicture) {
  const Picture cat = made("cat").picture;
  EXPECT_EQ(made("[cat|cat]").picture.pixels, cat.pixels);
  EXPECT_EQ(made("[dog:cat:0]").picture.pixels, cat.pixels);
  EXPECT_EQ(made("[cat:dog:99]").picture.pixels, cat.pixels);
  EXPECT_NE(made("[cat:dog:1]").picture.pixels, cat.pixels);
  EXPECT_NE(made("[cat|dog]").picture.pixels, cat.pixels);
  EXPECT_NE(made("cat AND dog").picture.pixels, cat.pixels);
  EXPECT_EQ(made("[cat:dog:0.5]", {"--prompt-weighting", "none"}).picture.pixels,
            made("\\[cat:dog:0.5\\]").picture.pixels);
}

TEST_F(Prompt, EachPictureDrawsWithItsSeedAndTellsWhatItDrew) {
  folder_.write("lists/animal.txt", "cat\ndog\nfox\nowl\n");
  std::vector<std::string> prompts;
  const ProcessResult result = run({"generate", "a __animal__", "-m", tiny_model(), "--steps", "4", "-s", "5", "-W",
                                    "32", "-H", "32", "-n", "6", "--wildcards", "lists", "-o", "out.png"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  for (int i = 1; i <= 6; ++i) {
    const PictureFile file = read_picture_file(folder_ / ("out-" + std::to_string(i) + ".png"));
    const json parameters = json::parse(file.metadata.json);
    prompts.push_back(parameters["prompt"]);
    EXPECT_EQ(parameters["seed"], 4 + i);
    EXPECT_NE(file.metadata.parameters.find("Template: a __animal__"), std::string::npos) << file.metadata.parameters;
  }
  EXPECT_GT(std::set<std::string>(prompts.begin(), prompts.end()).size(), 1u);
  const PictureFile third = read_picture_file(folder_ / "out-3.png");
  EXPECT_EQ(made(prompts[2], {"-s", "7"}).picture.pixels, third.picture.pixels);
}

}  // namespace
}  // namespace easel
