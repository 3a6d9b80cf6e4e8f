#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/easel_process.h"
#include "easel/error.h"

namespace easel {
namespace {

TEST(Bench, JsonHasPeakComponentsAndMemory) {
  const ProcessResult result = run_easel({"bench", "--random", "tiny", "--size", "32x32", "--runs", "1", "--json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out);
  EXPECT_GT(json.at("peak_gflops"), 0.0);
  EXPECT_GT(json.at("peak_memory_bytes"), 0);
  for (const char* component : {"text_encoder", "unet_step", "vae_decode"}) {
    const nlohmann::json& measured = json.at("components").at(component);
    const double ratio = measured.at("tflop").get<double>() * 1e3 / json.at("peak_gflops").get<double>() /
                         measured.at("seconds").get<double>();
    EXPECT_NEAR(measured.at("floor_ratio").get<double>(), ratio, 1e-6 * ratio) << component;
  }
}

TEST(Bench, TableNamesComponentsAndOperations) {
  const ProcessResult result = run_easel({"bench", "--random", "tiny", "--size", "16x16", "--runs", "1"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  for (const char* word : {"FMA peak", "unet_step", "vae_decode", "conv2d", "attention", "peak memory"})
    EXPECT_NE(result.out.find(word), std::string::npos) << word;
}

TEST(Bench, TrainingShowsOurKernelsAndLibTorchs) {
  const ProcessResult result = run_easel({"bench", "--train", "tiny", "--runs", "1", "--json"});
  if (result.exit_status == error_exit_code(ErrorCode::NotFound)) GTEST_SKIP() << result.err;
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out);
  const nlohmann::json& tiny = json.at("training").at("tiny");
  EXPECT_GT(tiny.at("parameters"), 0);
  for (const char* kernels : {"own", "libtorch"}) {
    const double seconds = tiny.at(kernels).at("seconds").get<double>();
    const double ratio = tiny.at("tflop").get<double>() * 1e3 / json.at("peak_gflops").get<double>() / seconds;
    EXPECT_NEAR(tiny.at(kernels).at("floor_ratio").get<double>(), ratio, 1e-6 * ratio) << kernels;
    EXPECT_NEAR(tiny.at(kernels).at("pictures_per_second").get<double>() * seconds, tiny.at("batch_size").get<double>(),
                1e-6);
  }
  EXPECT_NE(run_easel({"bench", "--train", "huge"}).err.find("autoencoder_16"), std::string::npos);
}

TEST(Bench, WrongShapesAndSizesAreNamed) {
  EXPECT_NE(run_easel({"bench", "--random", "sd99"}).err.find("sd15"), std::string::npos);
  EXPECT_EQ(run_easel({"bench", "--size", "512"}).exit_status, 2);
  EXPECT_EQ(run_easel({"bench", "--random", "tiny", "--size", "33x32"}).exit_status, 2);
}

}  // namespace
}  // namespace easel
