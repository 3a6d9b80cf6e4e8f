#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "cli/easel_process.h"

namespace easel {
namespace {

TEST(StorybookRender, WritesADatasetAndASheet) {
  const test::TemporaryFolder folder;
  const ProcessResult result =
      run_easel({"storybook", "render", "-n", "6", "--size", "32", "--world", "small", "--style", "pixel_art", "-o",
                 "set", "--sheet", "sheet.png", "--columns", "3"},
                folder.path());
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(std::filesystem::exists(folder / "sheet.png"));
  std::ifstream metadata(folder / "set/metadata.jsonl");
  int lines = 0;
  for (std::string line; std::getline(metadata, line); ++lines) {
    EXPECT_NE(line.find(R"("style":"pixel_art")"), std::string::npos) << line;
    EXPECT_NE(line.find(R"("held_out":false)"), std::string::npos) << line;
  }
  EXPECT_EQ(lines, 6);
}

TEST(StorybookRender, WritesTars) {
  const test::TemporaryFolder folder;
  const ProcessResult result = run_easel(
      {"storybook", "render", "-n", "3", "--size", "16", "--tar", "--shard-size", "2", "-o", "set"}, folder.path());
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(std::filesystem::exists(folder / "set/000000.tar"));
  EXPECT_TRUE(std::filesystem::exists(folder / "set/000001.tar"));
}

TEST(StorybookRender, WrongWishesAreNamedInOneLine) {
  const test::TemporaryFolder folder;
  folder.write("full/mine.txt", "kept");
  const auto error_of = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"storybook", "render"});
    const ProcessResult result = run_easel(arguments, folder.path());
    EXPECT_NE(result.exit_status, 0);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    return result.err;
  };
  EXPECT_NE(error_of({}).find("--output"), std::string::npos);
  EXPECT_NE(error_of({"-o", "full"}).find("not empty"), std::string::npos);
  EXPECT_NE(error_of({"-o", "new", "--kind", "unicorn"}).find("lemon"), std::string::npos);
  EXPECT_NE(error_of({"-o", "new", "--world", "huge"}).find("small"), std::string::npos);
  EXPECT_NE(error_of({"-o", "new", "--size", "8"}).find("16"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
}

TEST(StorybookRender, CtrlCLeavesWhatIsThereUsable) {
  const test::TemporaryFolder folder;
  EaselProcess process({"storybook", "render", "-n", "1000000", "--size", "64", "-o", "set"}, folder.path());
  for (int i = 0; i < 300 && !std::filesystem::exists(folder / "set/000000.png"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  process.send_signal(SIGINT);
  const ProcessResult result = process.wait();
  EXPECT_EQ(result.exit_status, 130) << result.err;
  EXPECT_NE(result.err.find("stopped after"), std::string::npos) << result.err;
  EXPECT_TRUE(std::filesystem::exists(folder / "set/metadata.jsonl"));
}

}  // namespace
}  // namespace easel
