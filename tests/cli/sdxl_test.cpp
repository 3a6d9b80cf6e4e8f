// SDXL's way of conditioning, from words to picture: two encoders, pooled text, sizes, and zeros for an empty negative
// prompt.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/easel_process.h"
#include "model_tools/random_model.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

class Sdxl : public testing::Test {
 protected:
  void SetUp() override { write_random_model(folder_.path() / "xl", {.shape = "tiny_xl"}); }

  std::vector<uint8_t> generate(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"generate", "a red cat", "-m", folder_ / "xl", "-s", "6",  "-W",
                                       "32",       "-H",        "32", "--steps",      "2",  "-o", folder_ / "cat.png"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProcessResult result = run_easel(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return read_picture(folder_ / "cat.png").pixels;
  }

  test::TemporaryFolder folder_;
};

TEST_F(Sdxl, EmptyNegativePromptGivesZerosUnlessTheModelSaysOtherwise) {
  const std::vector<uint8_t> zeros = generate({});
  const std::string path = folder_ / "xl/model_index.json";
  std::ifstream in(path);
  nlohmann::json index = nlohmann::json::parse(in);
  index["force_zeros_for_empty_prompt"] = false;
  std::ofstream(path) << index;
  EXPECT_NE(generate({}), zeros);
}

TEST_F(Sdxl, ClipSkipTwoIsItsDefault) {
  EXPECT_EQ(generate({"--clip-skip", "2"}), generate({}));
  EXPECT_NE(generate({"--clip-skip", "1"}), generate({}));
}

TEST_F(Sdxl, LongAndShortPromptsMix) {
  std::string words;
  for (int i = 0; i < 60; ++i) words += "a very long description, ";
  EXPECT_NE(generate({"--negative-prompt", words}), generate({"--negative-prompt", "short"}));
}

}  // namespace
}  // namespace easel
