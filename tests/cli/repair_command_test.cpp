// easel denoise and easel restore on pictures of the default model's world.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>

#include "cli/easel_process.h"
#include "pictures/picture_difference.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

class Repair : public testing::Test {
 protected:
  Repair() {
    run({"storybook", "render", "--world", "first", "--split", "held_out", "-s", "77", "-n", "1", "--size", "128", "-o",
         "world"});
    clean_ = read_picture(folder_ / "world/000000.png");
  }
  ProcessResult run(const std::vector<std::string>& arguments) const {
    const ProcessResult result = run_easel(arguments, folder_.path());
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return result;
  }
  double psnr(const Picture& picture) const { return picture_difference(picture, clean_).psnr_db; }

  test::TemporaryFolder folder_;
  Picture clean_;
};

TEST_F(Repair, NoiseIsTakenOutWhetherItIsToldOrEstimated) {
  Picture noisy = clean_;
  std::mt19937 engine(1);
  std::normal_distribution<double> normal(0, 25);
  for (uint8_t& value : noisy.pixels)
    value = static_cast<uint8_t>(std::lround(std::clamp(value + normal(engine), 0.0, 255.0)));
  write_picture(folder_ / "noisy.png", noisy);
  run({"denoise", "noisy.png", "--sigma", "25", "-s", "1", "-o", "told.png"});
  run({"denoise", "noisy.png", "-s", "1", "-o", "estimated.png"});
  EXPECT_GT(psnr(read_picture(folder_ / "told.png")), psnr(noisy) + 8);
  const PictureFile estimated = read_picture_file(folder_ / "estimated.png");
  EXPECT_GT(psnr(estimated.picture), psnr(noisy) + 8);
  EXPECT_NEAR(nlohmann::json::parse(estimated.metadata.json).at("noise_sigma").get<double>(), 25, 5);
  const ProcessResult several = run_easel({"denoise", "noisy.png", "-n", "2", "-o", "x.png"}, folder_.path());
  EXPECT_NE(several.err.find("num_images = 2; must be 1"), std::string::npos) << several.err;
}

TEST_F(Repair, APictureWithoutNoiseStays) {
  write_picture(folder_ / "clean.png", clean_);
  run({"denoise", "clean.png", "--sigma", "0", "-o", "same.png"});
  EXPECT_EQ(read_picture(folder_ / "same.png").pixels, clean_.pixels);
}

TEST_F(Repair, AScratchIsFilledAndEverythingElseStays) {
  Picture damaged = clean_;
  std::vector<bool> scratched(damaged.pixels.size() / 3);
  for (int i = 20; i < 110; ++i)
    for (int width = 0; width < 2; ++width) {
      const auto pixel = static_cast<size_t>((20 + i / 4 + width) * 128 + i);
      scratched[pixel] = true;
      std::fill_n(damaged.pixels.begin() + static_cast<ptrdiff_t>(pixel * 3), 3, uint8_t{250});
    }
  write_picture(folder_ / "damaged.png", damaged);
  run({"restore", "damaged.png", "-s", "1", "--steps", "10", "-o", "restored.png"});
  const Picture restored = read_picture(folder_ / "restored.png");
  EXPECT_GT(psnr(restored), psnr(damaged) + 3);
  size_t changed = 0;
  for (size_t i = 0; i < scratched.size(); ++i)
    if (!scratched[i])
      changed += !std::equal(&restored.pixels[i * 3], &restored.pixels[i * 3] + 3, &damaged.pixels[i * 3]);
  EXPECT_LT(changed, scratched.size() / 10);  // the mask reaches a pixel around what it found
  run({"restore", "damaged.png", "--mask-box", "10,60,9,9", "-s", "1", "--steps", "10", "-o", "boxed.png"});
  const Picture boxed = read_picture(folder_ / "boxed.png");
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) {
      const auto at = static_cast<size_t>((y * 128 + x) * 3);
      const bool inside = x >= 10 && x < 19 && y >= 60 && y < 69;
      ASSERT_TRUE(inside || std::equal(&boxed.pixels[at], &boxed.pixels[at] + 3, &damaged.pixels[at])) << x << " " << y;
    }
}

TEST_F(Repair, APictureWithoutDamageStays) {
  const Picture plain{.width_px = 40, .height_px = 30, .channels = 3, .pixels = std::vector<uint8_t>(3600, 120)};
  write_picture(folder_ / "plain.png", plain);
  run({"restore", "plain.png", "-o", "same.png"});
  EXPECT_EQ(read_picture(folder_ / "same.png").pixels, plain.pixels);
}

}  // namespace
}  // namespace easel
