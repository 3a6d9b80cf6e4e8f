#include "training/training_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "pictures/picture_file.h"
#include "temporary_folder.h"
#include "training/loss_curve.h"

namespace easel {
namespace {

using test::TemporaryFolder;

std::vector<std::string> lines_of(const TemporaryFolder& folder) {
  std::vector<std::string> lines;
  std::ifstream file(folder / "training_log.jsonl");
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TrainingProgress progress_of(int64_t step, double loss) {
  TrainingProgress progress;
  progress.step = step;
  progress.learning_rate = 0.5;
  progress.examples_per_s = 8;
  progress.values = {{"loss", loss}, {"grad_norm", 2 * loss}};
  return progress;
}

TEST(TrainingLog, ResumingDropsLaterStepsAndABrokenLine) {
  const TemporaryFolder folder;
  TrainingLog log;
  log.open(folder.path(), 0);
  for (int64_t step = 10; step <= 50; step += 10) log.add(progress_of(step, 1.0 / static_cast<double>(step)));
  std::ofstream(folder / "training_log.jsonl", std::ios::app) << "{\"step\": 2";  // killed while writing
  TrainingLog resumed;
  resumed.open(folder.path(), 30);
  ASSERT_EQ(lines_of(folder).size(), 3u);
  resumed.add(progress_of(40, 0.25));
  const auto lines = lines_of(folder);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[3], R"({"step":40,"loss":0.25,"grad_norm":0.5,"learning_rate":0.5,"examples_per_s":8.0})");
}

TEST(TrainingLog, CurveShowsEveryNumber) {
  const TemporaryFolder folder;
  TrainingLog log;
  log.open(folder.path(), 0);
  for (int64_t step = 10; step <= 2000; step += 10)
    log.add(progress_of(step, std::exp(-static_cast<double>(step) / 400) * (1 + 0.2 * std::sin(step))));
  log.draw_curve();
  if (!std::filesystem::exists(folder / "training_log.png")) GTEST_SKIP() << "built without Cairo";
  const Picture picture = read_picture(folder / "training_log.png");
  EXPECT_EQ(picture.height_px, 4 * 220);
  size_t blue = 0;
  for (size_t i = 0; i < picture.pixels.size(); i += 3)
    blue += picture.pixels[i] < 60 && picture.pixels[i + 1] < 120 && picture.pixels[i + 2] > 160;
  EXPECT_GT(blue, 2000u) << "four lines across 800 pixels";
}

TEST(LossCurve, LinesThatAreNoObjectsArePassedOver) {
  const auto curves = read_curves(
      "{\"step\": 1, \"loss\": 2}\nnonsense\n[1]\n{\"loss\": 5}\n{\"step\": 2, \"loss\": null, "
      "\"lr\": 1}\n{\"step\": 3, \"loss\": 4}\n");
  ASSERT_EQ(curves.size(), 2u);
  EXPECT_EQ(curves[0].name, "loss");
  EXPECT_EQ(curves[0].points, (std::vector<std::pair<double, double>>{{1, 2}, {3, 4}}));
  EXPECT_EQ(curves[1].points.size(), 1u);
}

TEST(LossCurve, SmoothingIsTheWeightedMeanWithoutBias) {
  const auto result = smoothed({{0, 8}, {1, 2}, {2, 5}}, 0.5);
  EXPECT_DOUBLE_EQ(result[0].second, 8);
  EXPECT_DOUBLE_EQ(result[1].second, (2 + 0.5 * 8) / 1.5);
  EXPECT_DOUBLE_EQ(result[2].second, (5 + 0.5 * 2 + 0.25 * 8) / 1.75);
}

TEST(LossCurve, TicksAreRound) {
  EXPECT_EQ(axis_ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(axis_ticks(130, 990, 4), (std::vector<double>{500}));
  EXPECT_EQ(axis_ticks(5, 5, 4), (std::vector<double>{5}));
}

TEST(LossCurve, ConstantAndSingleValuesCanBeDrawn) {
  for (const Curve& curve :
       {Curve{"one", {{5, 1}}}, Curve{"same", {{0, 0}, {1, 0}}}, Curve{"none", {}}, Curve{"nan", {{0, NAN}, {1, 2}}}})
    EXPECT_NO_THROW(draw_curves({curve})) << curve.name;
}

}  // namespace
}  // namespace easel
