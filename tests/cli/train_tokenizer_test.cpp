// easel train tokenizer, and broken data sets as its users meet them: none of this needs LibTorch.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/easel_process.h"
#include "text/clip_tokenizer.h"

namespace easel {
namespace {

using test::TemporaryFolder;

TEST(TrainTokenizer, LearnsStorybooksWordsInARowLengthOfItsOwn) {
  const TemporaryFolder folder;
  const ProcessResult result = run_easel({"train", "tokenizer", "--output-dir", folder / "tokenizer", "--num-examples",
                                          "500", "--vocab-size", "700", "--model-max-length", "40"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(result.err.find("500 texts with "), std::string::npos) << result.err;
  const ClipTokenizer tokenizer = ClipTokenizer::load(folder / "tokenizer");
  EXPECT_EQ(tokenizer.max_length(), 40);
  EXPECT_EQ(tokenizer.vocab_size(), 700u);
  EXPECT_LE(tokenizer.encode("a red cat").size(), 4u);
}

// The way of a model of one's own: its tokenizer, its row length, a prompt longer than a row.
TEST(TrainTokenizer, ModelWithAShorterRowGeneratesFromLongPrompts) {
  const TemporaryFolder folder;
  std::filesystem::copy(tiny_model(), folder / "model", std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(folder / "model/tokenizer");
  const auto corpus = folder.write("corpus.txt", "red cat red cat red cat\n");
  ASSERT_EQ(run_easel({"train", "tokenizer", "--output-dir", folder / "model/tokenizer", "--corpus", corpus.string(),
                       "--vocab-size", "514", "--model-max-length", "10"})
                .exit_status,
            0);
  const ProcessResult result = run_easel(
      {"generate", "a red cat on a red boat", "-m", folder / "model", "-o", folder / "cat.png", "--steps", "1"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
}

TEST(TrainTokenizer, ConfigFileIsOverriddenByFlags) {
  const TemporaryFolder folder;
  folder.write("corpus.txt", "red cat red cat\n");
  folder.write("config.json", R"({"corpus": "corpus.txt", "output_dir": "a", "model_max_length": 20})");
  ASSERT_EQ(
      run_easel({"train", "tokenizer", "--config", "config.json", "--output-dir", "b"}, folder.path()).exit_status, 0);
  EXPECT_EQ(ClipTokenizer::load(folder / "b").max_length(), 20);
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

struct BrokenCase {
  std::vector<std::string> arguments;
  std::string message;  // part of the one line
};

TEST(Train, EveryWrongRequestIsOneClearLine) {
  const TemporaryFolder folder;
  folder.write("empty/readme", "");
  folder.write("mute/a.png", "no picture");
  folder.write("unknown.json", R"({"learning_rat": 1})");
  folder.write("torn.tar", "no tar");
  const std::vector<BrokenCase> cases = {
      {{}, "output_dir is missing"},
      {{"--output-dir", "o", "--dataset", "folder"}, "train_data_dir is missing"},
      {{"--output-dir", "o", "--dataset", "folder", "--train-data-dir", "none"}, "no such file or folder"},
      {{"--output-dir", "o", "--dataset", "folder", "--train-data-dir", "torn.tar"}, "is no folder"},
      {{"--output-dir", "o", "--dataset", "folder", "--train-data-dir", "empty"}, "not one usable example"},
      {{"--output-dir", "o", "--dataset", "folder", "--train-data-dir", "mute"}, "1 skipped (1 without caption)"},
      {{"--output-dir", "o", "--dataset", "tar", "--train-data-dir", "torn.tar"}, "not one usable example"},
      {{"--output-dir", "o", "--dataset", "tars"}, "dataset = 'tars'; must be one of: storybook, folder, tar"},
      {{"--output-dir", "o", "--storybook-world", "flat"}, "flat"},
      {{"--output-dir", "o", "--vocab-size", "12"}, "vocab_size = 12; must be 514..1000000"},
      {{"--config", "unknown.json"}, "unknown parameter 'learning_rat'"},
      {{"--config", "none.json"}, "none.json"},
  };
  for (const BrokenCase& broken : cases) {
    std::vector<std::string> arguments{"train", "tokenizer"};
    arguments.insert(arguments.end(), broken.arguments.begin(), broken.arguments.end());
    const ProcessResult result = run_easel(arguments, folder.path());
    EXPECT_TRUE(result.exit_status == 1 || result.exit_status == 2) << broken.message << ": " << result.exit_status;
    EXPECT_NE(result.err.find(broken.message), std::string::npos) << result.err;
    const std::string last = result.err.substr(result.err.rfind("easel: "));
    EXPECT_EQ(last.find('\n'), last.size() - 1) << result.err;
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "o"));
}

}  // namespace
}  // namespace easel
