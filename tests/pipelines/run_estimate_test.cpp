#include "pipelines/run_estimate.h"

#include <gtest/gtest.h>

#include "build_paths.h"
#include "easel/error.h"
#include "model_tools/random_model.h"
#include "ops/op_observer.h"
#include "ops/ops.h"
#include "pipelines/text_to_image.h"
#include "temporary_folder.h"
#include "tensor/arena.h"

namespace easel {
namespace {

class RunEstimates : public testing::Test {
 protected:
  RunEstimates() {
    write_random_model(folder_ / "tiny", {});
    model_ = std::make_unique<DiffusionModel>(load_diffusion_model(folder_ / "tiny", {}));
  }

  std::string refusal(const RunSize& size, int64_t available_bytes) const {
    try {
      require_memory(*model_, size, available_bytes);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::ResourceExhausted);
      return error.what();
    }
    return "";
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<DiffusionModel> model_;
};

TEST_F(RunEstimates, AreWhatARunTakes) {
  GenerationParameters parameters;
  parameters.width = parameters.height = 192;
  parameters.num_inference_steps = 1;
  parameters.sampler = "euler";
  parameters.guidance_scale = 5;
  int64_t multiply_adds = 0;
  const auto before = static_cast<int64_t>(arena_statistics().in_use_bytes);
  {
    const ScopedOpObserver observer([&](const OpRecord& record) { multiply_adds += record.multiply_adds; });
    text_to_image(*model_, {parameters, {}}, {});
  }
  const auto taken = static_cast<double>(static_cast<int64_t>(arena_statistics().peak_bytes) - before);
  const RunEstimate estimate = estimate_run(
      *model_, {.samples = 2, .height = 96, .width = 96, .pictures = 1, .network_calls = 1, .band_rows = 0});
  EXPECT_GT(static_cast<double>(estimate.peak_bytes), taken) << taken;
  EXPECT_LT(static_cast<double>(estimate.peak_bytes), 1.4 * taken) << taken;
  const auto counted = static_cast<double>(multiply_adds);  // the text encoder's are in it
  EXPECT_NEAR(static_cast<double>(estimate.multiply_adds), counted, 0.05 * counted);
}

TEST_F(RunEstimates, RefusalNamesTheNeedAndTheWaysOut) {
  const RunSize size{.samples = 2, .height = 128, .width = 128, .pictures = 2, .network_calls = 1, .band_rows = 0};
  const int64_t needed = estimate_run(*model_, size).peak_bytes;
  EXPECT_EQ(refusal(size, needed), "");
  const std::string message = refusal(size, needed - 1);
  EXPECT_TRUE(message.starts_with("[generate] 256 x 256 px needs about ")) << message;
  EXPECT_NE(message.find("; what fits: "), std::string::npos) << message;
  EXPECT_NE(message.find("240 x 240 px"), std::string::npos) << message;
  EXPECT_EQ(refusal(size, 1000).find("what fits"), std::string::npos);
}

TEST_F(RunEstimates, RefusalProposesBandsWhereTheySuffice) {
  const DiffusionModel model = load_diffusion_model(test::source_path("models/storybook"), {});
  RunSize size{.samples = 1, .height = 64, .width = 64, .pictures = 1, .network_calls = 1, .band_rows = 64};
  const int64_t suffices = estimate_run(model, size).peak_bytes;
  size.band_rows = 0;
  try {
    require_memory(model, size, suffices);
    FAIL() << "decoding at once must need more";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("what fits: vae_band_rows = 64"), std::string::npos) << error.what();
  }
}

TEST_F(RunEstimates, LongRunsAreAnnounced) {
  EXPECT_EQ(long_run_notice({.peak_bytes = 0, .multiply_adds = 1'000'000'000}), "");
  const std::string notice = long_run_notice({.peak_bytes = 0, .multiply_adds = 1'000'000'000'000'000'000});
  EXPECT_TRUE(notice.starts_with("this will take about ")) << notice;
  EXPECT_NE(notice.find(" h "), std::string::npos) << notice;
}

}  // namespace
}  // namespace easel
