// easel upscale and easel picture compare, as their users meet them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/easel_process.h"
#include "golden/golden_folder.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class Upscale : public testing::Test {
 protected:
  Upscale() {
    PictureWriteOptions options;
    options.metadata.parameters = "a small picture";
    const Picture small{.width_px = 6, .height_px = 4, .channels = 3, .pixels = std::vector<uint8_t>(72, 90)};
    write_picture(folder_ / "small.png", small, options);
  }
  ProcessResult run(const std::vector<std::string>& arguments) const { return run_easel(arguments, folder_.path()); }

  test::TemporaryFolder folder_;
};

TEST_F(Upscale, AFilterGivesTheSizeAndKeepsTheText) {
  const ProcessResult result = run({"upscale", "small.png", "--scale", "2.5", "-o", "large.png", "--json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(json::parse(result.out).at("width"), 15);
  const PictureFile large = read_picture_file(folder_ / "large.png");
  EXPECT_EQ(large.picture.height_px, 10);
  EXPECT_EQ(large.picture.pixels, std::vector<uint8_t>(15 * 10 * 3, 90));
  EXPECT_EQ(large.metadata.parameters, "a small picture");
}

TEST_F(Upscale, WhatIsWrongIsOneLineAndLeavesNoFile) {
  for (const auto& [arguments, words] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"small.png", "-o", "small.png"}, "is read as well"},
           {{"small.png", "-o", "large.gif"}, ".gif"},
           {{"small.png", "-o", "large.png", "--upscaler", "magic"}, "no upscaler magic"},
           {{"small.png", "-o", "large.png", "--scale", "99"}, "--scale"},
           {{"small.png", "-o", "large.png", "--prompt", "cat"}, "prompt needs --model"},
           {{"missing.png", "-o", "large.png"}, "missing.png"},
           {{"small.png", "-o", "large.png", "-m", tiny_model()}, "is no upscaling model"}}) {
    std::vector<std::string> command = {"upscale"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run(command);
    EXPECT_NE(result.exit_status, 0) << words;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
  EXPECT_EQ(folder_.file_names(), std::vector<std::string>{"small.png"});
}

TEST_F(Upscale, ADiffusionModelThatEnlarges) {
  const fs::path golden = golden::golden_folder();
  if (!fs::is_directory(golden / "models/tiny_x4")) GTEST_SKIP() << "no upscaling model in " << golden;
  const fs::path model = folder_ / "x4";
  const auto copy = [&](const fs::path& from, const char* to) {
    fs::create_directories(model / to);
    fs::copy(from, model / to, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  };
  for (const char* part : {"unet", "vae", "low_res_scheduler"}) copy(golden / "models/tiny_x4" / part, part);
  for (const char* part : {"text_encoder", "scheduler", "tokenizer"}) copy(golden / "models/tiny_sd1" / part, part);
  copy(golden / "clip_tokenizer", "tokenizer");
  const std::vector<std::string> command = {"upscale", "small.png", "-m", "x4", "-p",
                                            "a cat",   "--steps",   "2",  "-s", "3"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), command.begin(), command.end());
    const ProcessResult result = run(more);
    EXPECT_EQ(result.exit_status, 0) << result.err;
  };
  with({"-o", "one.png"});
  const PictureFile one = read_picture_file(folder_ / "one.png");
  EXPECT_EQ(one.picture.width_px, 24);
  EXPECT_EQ(one.picture.height_px, 16);
  EXPECT_EQ(json::parse(one.metadata.json).at("task"), "upscale");
  with({"-o", "noisy.png", "--noise-level", "300"});
  EXPECT_NE(read_picture(folder_ / "noisy.png").pixels, one.picture.pixels);
  with({"-o", "two.png", "-n", "2"});
  EXPECT_EQ(read_picture(folder_ / "two-1.png").pixels, one.picture.pixels);
}

TEST_F(Upscale, PicturesAreCompared) {
  const ProcessResult equal = run({"picture", "compare", "small.png", "small.png"});
  EXPECT_EQ(equal.out, "equal\n");
  const Picture other{.width_px = 6, .height_px = 4, .channels = 3, .pixels = std::vector<uint8_t>(72, 100)};
  write_picture(folder_ / "other.png", other);
  const json compared = json::parse(run({"picture", "compare", "small.png", "other.png", "--json"}).out);
  EXPECT_EQ(compared.at("most"), 10);
  EXPECT_NEAR(compared.at("psnr_db").get<double>(), 28.1308, 1e-3);
  ASSERT_EQ(run({"upscale", "small.png", "--scale", "2", "-o", "large.png"}).exit_status, 0);
  const ProcessResult sizes = run({"picture", "compare", "small.png", "large.png"});
  EXPECT_NE(sizes.err.find("6x4 and 12x8"), std::string::npos) << sizes.err;
}

}  // namespace
}  // namespace easel
