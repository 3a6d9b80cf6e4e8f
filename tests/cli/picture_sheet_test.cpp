#include <gtest/gtest.h>

#include <algorithm>

#include "cli/easel_process.h"
#include "easel/error.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

Picture grey(int side, int channels) {
  return {.width_px = side,
          .height_px = side,
          .channels = channels,
          .pixels = std::vector<uint8_t>(static_cast<size_t>(side * side * channels), 128)};
}

TEST(PictureSheet, ShowsEveryPictureWithItsPrompt) {
  const test::TemporaryFolder folder;
  PictureWriteOptions with_prompt;
  with_prompt.metadata.parameters = "a red cat on the beach\nSteps: 20, Seed: 1";
  write_picture(folder / "a.png", grey(64, 3), with_prompt);
  write_picture(folder / "b.png", grey(64, 3));
  const auto sheet = [&](const std::string& files) {
    const ProcessResult result =
        run_easel({"picture", "sheet", "a.png", files, "--columns", "2", "-o", "sheet.png"}, folder.path());
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return read_picture(folder / "sheet.png");
  };
  const Picture two = sheet("b.png");
  EXPECT_GE(two.width_px, 2 * 64);
  EXPECT_GT(two.height_px, 64 + 20) << "there is no room for words";
}

TEST(PictureSheet, BadInputIsRefusedInOneLine) {
  const test::TemporaryFolder folder;
  folder.write("broken.png", "no picture");
  write_picture(folder / "clear.png", grey(8, 4));
  const auto status = [&](const std::string& file, const std::string& output) {
    const ProcessResult result = run_easel({"picture", "sheet", file, "-o", output}, folder.path());
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    return result.exit_status;
  };
  EXPECT_EQ(status("broken.png", "sheet.png"), error_exit_code(ErrorCode::CorruptFile));
  EXPECT_EQ(status("missing.png", "sheet.png"), error_exit_code(ErrorCode::NotFound));
  EXPECT_EQ(status("clear.png", "sheet.png"), error_exit_code(ErrorCode::Unsupported));
  EXPECT_EQ(status("clear.png", "sheet.txt"), error_exit_code(ErrorCode::InvalidArgument));
  EXPECT_FALSE(std::filesystem::exists(folder / "sheet.png"));
}

}  // namespace
}  // namespace easel
