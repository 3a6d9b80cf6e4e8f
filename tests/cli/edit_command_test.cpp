// easel transform and easel inpaint, as people call them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "cli/easel_process.h"
#include "pictures/animation.h"
#include "pictures/picture_file.h"
#include "pictures/picture_samples.h"

namespace easel {
namespace {

using testing::HasSubstr;

Picture stripes(int width, int height) {
  Picture picture{.width_px = width, .height_px = height, .channels = 3, .pixels = {}};
  for (int i = 0; i < width * height * 3; ++i) picture.pixels.push_back(static_cast<uint8_t>(i % 251));
  return picture;
}

std::vector<std::string> edit(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"-p", "a red cat", "-m", tiny_model(), "--steps", "3", "-s", "5"});
  return arguments;
}

TEST(Transform, WritesAPictureOfTheImagesSizeWithItsParametersInside) {
  const test::TemporaryFolder folder;
  write_picture(folder / "in.png", stripes(40, 27));
  const ProcessResult result =
      run_easel(edit({"transform", "in.png", "--strength", "0.7", "-o", "out.png"}), folder.path());
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const PictureFile file = read_picture_file(folder / "out.png");
  EXPECT_EQ(file.picture.width_px, 40);
  EXPECT_EQ(file.picture.height_px, 27);
  EXPECT_THAT(file.metadata.parameters, HasSubstr("Denoising strength: 0.7"));
  const nlohmann::json parameters = nlohmann::json::parse(file.metadata.json);
  EXPECT_EQ(parameters.at("task"), "image_to_image");
  EXPECT_EQ(parameters.at("image"), "in.png");
  EXPECT_FALSE(parameters.contains("mask_blur"));
  const ProcessResult again =
      run_easel({"transform", "--from", "out.png", "-m", tiny_model(), "-o", "again.png"}, folder.path());
  ASSERT_EQ(again.exit_status, 0) << again.err;
  EXPECT_EQ(read_picture(folder / "again.png").pixels, file.picture.pixels);
  const ProcessResult other =
      run_easel({"generate", "--from", "out.png", "-m", tiny_model(), "-o", "no.png"}, folder.path());
  EXPECT_EQ(other.exit_status, 2);
  EXPECT_THAT(other.err, HasSubstr("was made by image_to_image"));
}

TEST(Inpaint, ChangesTheBoxAlone) {
  const test::TemporaryFolder folder;
  const Picture image = stripes(40, 27);
  write_picture(folder / "in.png", image);
  const ProcessResult result =
      run_easel(edit({"inpaint", "in.png", "--mask-box", "8,8,16,8", "-o", "out.png"}), folder.path());
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const Picture made = read_picture(folder / "out.png");
  for (int i = 0; i < 40 * 27; ++i) {
    const int x = i % 40, y = i / 40;
    if (x >= 8 && x < 24 && y >= 8 && y < 16) continue;
    ASSERT_TRUE(std::equal(&made.pixels[static_cast<size_t>(3 * i)], &made.pixels[static_cast<size_t>(3 * i)] + 3,
                           &image.pixels[static_cast<size_t>(3 * i)]))
        << x << " " << y;
  }
  EXPECT_NE(made.pixels, image.pixels);
}

TEST(Vary, WritesPicturesLikeTheGivenOne) {
  const test::TemporaryFolder folder;
  write_picture(folder / "in.png", stripes(32, 32));
  const ProcessResult result =
      run_easel(edit({"vary", "in.png", "-n", "2", "--amount", "0.2", "-o", "out.png"}), folder.path());
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(read_picture(folder / "out-1.png").pixels, read_picture(folder / "out-2.png").pixels);
  EXPECT_THAT(read_picture_metadata(folder / "out-1.png").parameters, HasSubstr("Variation amount: 0.2"));
}

TEST(Morph, WritesAnAnimationOrItsFrames) {
  const test::TemporaryFolder folder;
  const std::vector<std::string> common{"-m", tiny_model(), "-W", "32", "-H", "32", "--steps", "2", "--frames", "3"};
  const auto morph = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"morph", "a red cat", "a dog"});
    arguments.insert(arguments.end(), common.begin(), common.end());
    return run_easel(arguments, folder.path());
  };
  for (const char* file : {"out.webp", "out.png"}) {
    const ProcessResult result = morph({"-s", "5", "-o", file});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("3 frames, seed 5"));
  }
  const PictureFile first = read_picture_file(folder / "out.png");
  EXPECT_EQ(nlohmann::json::parse(first.metadata.json).at("frames"), 3);
  ASSERT_EQ(morph({"-s", "5", "--files", "-o", "one.png"}).exit_status, 0);
  EXPECT_EQ(read_picture(folder / "one-1.png").pixels, first.picture.pixels);
  EXPECT_NE(read_picture(folder / "one-3.png").pixels, first.picture.pixels);
  for (const auto& [arguments, message] :
       std::vector<std::pair<std::vector<std::string>, const char*>>{{{"-o", "out.jpg"}, "JPEG holds one picture"},
                                                                     {{"-o", "out.gif"}, ".gif"},
                                                                     {{"-o", "no/out.webp"}, "no"},
                                                                     {{"-o", "out.mp4", "--files"}, ".mp4"}}) {
    const ProcessResult refused = morph(arguments);
    EXPECT_EQ(refused.exit_status == 0, false) << message;
    EXPECT_THAT(refused.err, HasSubstr(message));
  }
  const ProcessResult missing = run_easel({"morph", "nowhere.png", "a dog", "-o", "out.webp"}, folder.path());
  EXPECT_THAT(missing.err, HasSubstr("nowhere.png"));
  const ProcessResult over =
      run_easel({"morph", "a cat", "one-1.png", "-m", tiny_model(), "-o", "one-1.png"}, folder.path());
  EXPECT_EQ(over.exit_status, 2);
  EXPECT_THAT(over.err, HasSubstr("one-1.png is read as well"));
  const ProcessResult still = run_easel({"generate", "a cat", "-m", tiny_model(), "-o", "out.mp4"}, folder.path());
  EXPECT_EQ(still.exit_status, 2);
  EXPECT_THAT(still.err, HasSubstr(".mp4"));
}

// What a file says it is, and how many frames it holds is FFmpeg's affair: it was written to its end.
TEST(Morph, WritesFilmsWhereThePlugInIsThere) {
  const test::TemporaryFolder folder;
  const auto morph = [&](const std::string& file) {
    return run_easel({"morph", "a cat", "a dog", "-m", tiny_model(), "-W", "32", "-H", "32", "--steps", "1", "--frames",
                      "3", "-o", file},
                     folder.path());
  };
  setenv("EASEL_VIDEO_PLUGIN", "/nowhere/libeasel_video.so", 1);
  const ProcessResult missing = morph("out.mp4");
  unsetenv("EASEL_VIDEO_PLUGIN");
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(missing.err, HasSubstr("the video plug-in is not installed (looked for /nowhere/libeasel_video.so)"));
  if (!std::filesystem::exists(test::built_path("libeasel_video.so")))
    GTEST_SKIP() << "libeasel_video.so was not built (FFmpeg not found)";
  for (const auto& [file, signature] : {std::pair("out.mp4", "ftyp"), std::pair("out.webm", "webm")}) {
    const ProcessResult result = morph(file);
    ASSERT_EQ(result.exit_status, 0) << result.err;
    std::ifstream stream(folder / file, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(stream), {}};
    EXPECT_LT(content.find(signature), 64u) << file;
    EXPECT_NE(content.find("a dog"), std::string::npos) << file;  // its record
  }
  EXPECT_EQ(folder.file_names(), (std::vector<std::string>{"out.mp4", "out.webm"}));
  EXPECT_THAT(morph("no/out.mp4").err, HasSubstr("no/out.mp4"));
}

// What people have: each is edited in its own size, upright.
TEST(Edit, PicturesOfEveryKindAreTaken) {
  const test::TemporaryFolder folder;
  const auto write_hex = [&](const std::string& name, std::string_view hex) {
    std::string bytes;
    for (size_t i = 0; i < hex.size(); i += 2)
      bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    folder.write(name, bytes);
  };
  write_hex("grey16.png", test::kGrey16Png);
  write_hex("palette.png", test::kPalettePng);
  write_hex("grey_alpha.png", test::kGreyAlphaPng);
  write_hex("turned.png", test::kTurnedPng);
  write_hex("cmyk.jpg", test::kAdobeCmykJpeg);
  write_picture(folder / "pixel.png", stripes(1, 1));
  for (const auto& [name, width, height] : std::vector<std::tuple<std::string, int, int>>{{"grey16.png", 3, 1},
                                                                                          {"palette.png", 2, 1},
                                                                                          {"grey_alpha.png", 1, 1},
                                                                                          {"turned.png", 1, 2},
                                                                                          {"cmyk.jpg", 8, 8},
                                                                                          {"pixel.png", 1, 1}}) {
    const ProcessResult result = run_easel(edit({"transform", name, "-o", "out.png"}), folder.path());
    ASSERT_EQ(result.exit_status, 0) << name << result.err;
    const Picture made = read_picture(folder / "out.png");
    EXPECT_EQ(made.width_px, width) << name;
    EXPECT_EQ(made.height_px, height) << name;
  }
}

Picture upside_down(Picture picture) {
  std::ranges::reverse(picture.pixels);
  return picture;
}

TEST(Edit, PicturesThatCannotBeReadAreOneLine) {
  const test::TemporaryFolder folder;
  const auto contents_of = [](const std::vector<uint8_t>& bytes) { return std::string(bytes.begin(), bytes.end()); };
  const std::string whole = contents_of(encode_picture(stripes(64, 64), PictureFormat::png));
  folder.write("truncated.png", whole.substr(0, whole.size() / 2));
  folder.write("empty.png", "");
  folder.write("animated.webp",
               contents_of(encode_animation({stripes(8, 8), upside_down(stripes(8, 8))}, PictureFormat::webp)));
  std::string huge = whole;  // 20,000 x 20,000, it says
  huge.replace(16, 8, std::string("\0\0\x4e\x20\0\0\x4e\x20", 8));
  folder.write("huge.png", huge);
  folder.write("gif.gif", "GIF89a");
  for (const char* name : {"truncated.png", "empty.png", "animated.webp", "huge.png", "gif.gif"}) {
    const ProcessResult result = run_easel(edit({"transform", name, "-o", "out.png"}), folder.path());
    EXPECT_NE(result.exit_status, 0) << name;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr(name));
    EXPECT_FALSE(std::filesystem::exists(folder / "out.png")) << name;
  }
}

TEST(Edit, WrongInputIsOneLine) {
  const test::TemporaryFolder folder;
  write_picture(folder / "in.png", stripes(16, 16));
  folder.write("text.png", "no picture");
  const auto error = [&](std::vector<std::string> arguments) {
    const ProcessResult result = run_easel(edit(std::move(arguments)), folder.path());
    EXPECT_NE(result.exit_status, 0);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    return result.err;
  };
  EXPECT_THAT(error({"transform"}), HasSubstr("no image"));
  EXPECT_THAT(error({"transform", "missing.png"}), HasSubstr("missing.png"));
  EXPECT_THAT(error({"transform", "text.png"}), HasSubstr("text.png"));
  EXPECT_THAT(error({"transform", "in.png", "--strength", "2"}), HasSubstr("strength = 2"));
  EXPECT_THAT(error({"transform", "in.png", "--mask", "in.png"}), HasSubstr("unknown option --mask"));
  EXPECT_THAT(error({"transform", "in.png", "-o", "in.png"}), HasSubstr("is read as well"));
  EXPECT_THAT(error({"inpaint", "in.png"}), HasSubstr("what is to change?"));
  EXPECT_THAT(error({"inpaint", "in.png", "--mask-box", "99,0,1,1"}), HasSubstr("outside the image"));
  EXPECT_EQ(folder.file_names(), (std::vector<std::string>{"in.png", "text.png"}));
}

}  // namespace
}  // namespace easel
