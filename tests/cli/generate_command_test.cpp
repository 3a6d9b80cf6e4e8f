#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "cli/easel_process.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

std::vector<std::string> generate_arguments(const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"generate", "a red cat", "-m", tiny_model(), "-W",
                                     "32",       "-H",        "24", "--steps",    "3"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::vector<uint8_t> pixels(const std::string& path) { return read_picture(path).pixels; }

TEST(Generate, WritesAPictureOfTheSizeWithItsParametersInside) {
  const test::TemporaryFolder folder;
  const ProcessResult result =
      run_easel(generate_arguments({"-s", "5", "-o", folder / "cat.png", "--cfg-scale", "3.5"}));
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(result.out.find("cat.png  seed 5"), std::string::npos) << result.out;
  const PictureFile file = read_picture_file(folder / "cat.png");
  EXPECT_EQ(file.picture.width_px, 32);
  EXPECT_EQ(file.picture.height_px, 24);
  EXPECT_EQ(file.metadata.parameters.rfind("a red cat\nSteps: 3, ", 0), 0u) << file.metadata.parameters;
  EXPECT_NE(file.metadata.parameters.find("CFG scale: 3.5, Seed: 5, Size: 32x24"), std::string::npos)
      << file.metadata.parameters;
  EXPECT_EQ(nlohmann::json::parse(file.metadata.json).at("guidance_scale"), 3.5);
  EXPECT_EQ(folder.file_names(), std::vector<std::string>{"cat.png"});
}

// A copy of the tiny model whose model_index.json has `guidance_scale`.
std::string model_with_guidance(const test::TemporaryFolder& folder, const nlohmann::json& guidance_scale) {
  std::filesystem::copy(tiny_model(), folder / "model",
                        std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  nlohmann::json index = nlohmann::json::parse(std::ifstream(folder / "model/model_index.json"));
  index["guidance_scale"] = guidance_scale;
  std::ofstream(folder / "model/model_index.json") << index;
  return folder / "model";
}

TEST(Generate, GuidanceIsTheModelsOwnUnlessAskedFor) {
  const test::TemporaryFolder folder;
  const auto guidance_of = [&](const std::vector<std::string>& more) {
    const ProcessResult result = run_easel(generate_arguments(more));
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return nlohmann::json::parse(read_picture_metadata(folder / "cat.png").json).at("guidance_scale").get<double>();
  };
  EXPECT_EQ(guidance_of({"-o", folder / "cat.png"}), 7.5);
  const std::string model = model_with_guidance(folder, 3.5);
  EXPECT_EQ(guidance_of({"-m", model, "-o", folder / "cat.png"}), 3.5);
  EXPECT_EQ(guidance_of({"-m", model, "--cfg-scale", "2", "-o", folder / "cat.png"}), 2);
}

TEST(Generate, AModelsImpossibleGuidanceIsRefused) {
  const test::TemporaryFolder folder;
  for (const nlohmann::json& value : {nlohmann::json(-3), nlohmann::json("strong")}) {
    const ProcessResult result =
        run_easel(generate_arguments({"-m", model_with_guidance(folder, value), "-o", folder / "cat.png"}));
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_NE(result.err.find("[model_index] config guidance_scale = " + value.dump()), std::string::npos)
        << result.err;
  }
}

TEST(Generate, ASecondPassEnlargesThePicture) {
  const test::TemporaryFolder folder;
  for (const char* upscaler : {"latent", "lanczos"}) {
    const ProcessResult result = run_easel(
        generate_arguments({"-o", folder / "cat.png", "--hires", "2", "--hires-upscaler", upscaler, "-s", "5"}));
    ASSERT_EQ(result.exit_status, 0) << result.err;
    const PictureFile file = read_picture_file(folder / "cat.png");
    EXPECT_EQ(file.picture.width_px, 64);
    EXPECT_EQ(file.picture.height_px, 48);
    EXPECT_NE(file.metadata.parameters.find("Size: 32x24, RNG: CPU, Hires upscale: 2, Hires upscaler: " +
                                            std::string(upscaler) + ", Denoising strength: 0.75"),
              std::string::npos)
        << file.metadata.parameters;
  }
  const ProcessResult alone =
      run_easel(generate_arguments({"-o", folder / "cat.png", "--hires", "2", "--strength", "0"}));
  ASSERT_EQ(alone.exit_status, 0) << alone.err;
  EXPECT_EQ(read_picture(folder / "cat.png").width_px, 64);
  const ProcessResult weak = run_easel(generate_arguments({"--hires", "2", "--strength", "0.002"}));
  EXPECT_NE(weak.err.find("raise the strength or lower hires_steps"), std::string::npos) << weak.err;
  const ProcessResult wrong = run_easel(generate_arguments({"--hires", "2", "--hires-upscaler", "magic"}));
  EXPECT_NE(wrong.err.find("no upscaler magic"), std::string::npos) << wrong.err;
}

TEST(Generate, APictureOfAnotherProgramIsMadeAgain) {
  const test::TemporaryFolder folder;
  const Picture picture{.width_px = 1, .height_px = 1, .channels = 3, .pixels = {0, 0, 0}};
  PictureWriteOptions options;
  options.metadata.parameters =
      "a red cat\nSteps: 3, Sampler: Euler a, CFG scale: 2, Seed: 5, Size: 32x24, Lora hashes: x";
  write_picture(folder / "foreign.png", picture, options);
  const ProcessResult result =
      run_easel({"generate", "--from", folder / "foreign.png", "-m", tiny_model(), "-o", folder / "again.png"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(result.err.find("made by webui, tells what is not taken: Lora hashes"), std::string::npos) << result.err;
  const ProcessResult direct = run_easel(
      generate_arguments({"-s", "5", "-o", folder / "direct.png", "--sampler", "euler_ancestral", "--cfg-scale", "2"}));
  ASSERT_EQ(direct.exit_status, 0) << direct.err;
  EXPECT_EQ(pixels(folder / "again.png"), pixels(folder / "direct.png"));
}

// Of pixels above each other: where the lower border meets the upper one, or elsewhere.
double mean_step(const Picture& picture, bool across_border) {
  double sum = 0;
  int count = 0;
  const int last = picture.height_px - 1;
  for (int y = across_border ? last : 0; y < (across_border ? last + 1 : last); ++y)
    for (int i = 0; i < picture.width_px * 3; ++i, ++count) {
      const auto at = [&](int row) { return picture.pixels[static_cast<size_t>(row * picture.width_px * 3 + i)]; };
      sum += std::abs(at(y) - at((y + 1) % picture.height_px));
    }
  return sum / count;
}

TEST(Generate, ATiledPictureHasNoSeam) {
  const test::TemporaryFolder folder;
  for (const char* tile : {"y", "none"}) {
    const ProcessResult result = run_easel(
        {"generate", "a red cat on the beach", "-s", "1", "--steps", "8", "--tile", tile, "-o", folder / "cat.png"});
    ASSERT_EQ(result.exit_status, 0) << result.err;
    const Picture picture = read_picture(folder / "cat.png");
    const double seam = mean_step(picture, true), elsewhere = mean_step(picture, false);
    EXPECT_EQ(seam <= 1.5 * elsewhere, std::string(tile) == "y")
        << seam << " at the seam, " << elsewhere << " elsewhere";
  }
  const ProcessResult banded = run_easel({"generate", "x", "--tile", "both", "--vae-band-rows", "32"});
  EXPECT_NE(banded.err.find("vae_band_rows = 32 with tile = both"), std::string::npos) << banded.err;
}

TEST(Generate, AGridIsASheetAndItsPictures) {
  const test::TemporaryFolder folder;
  const ProcessResult result = run_easel(generate_arguments(
      {"--grid", "steps=1,2", "--grid", "prompt:cat=cat,dog", "-s", "5", "-o", folder / "grid.png", "--json"}));
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const nlohmann::json printed = nlohmann::json::parse(result.out);
  ASSERT_EQ(printed.at("pictures").size(), 4u);
  EXPECT_EQ(printed.at("pictures").at(3).at("label"), "steps 2, dog");
  const nlohmann::json last = nlohmann::json::parse(read_picture_metadata(folder / "grid-4.png").json);
  EXPECT_EQ(last.at("prompt"), "a red dog");
  EXPECT_EQ(last.at("num_inference_steps"), 2);
  EXPECT_EQ(read_picture(folder / "grid.png").width_px, 2 * 32 + 8);
  const ProcessResult nowhere = run_easel(generate_arguments({"--grid", "steps=1,2"}));
  EXPECT_NE(nowhere.err.find("needs --output"), std::string::npos) << nowhere.err;
}

TEST(Generate, UncertaintyIsAMapAndFigures) {
  const test::TemporaryFolder folder;
  const ProcessResult result = run_easel(
      generate_arguments({"--samples", "3", "--uncertainty", folder / "map.png", "-o", folder / "cat.png", "--json"}));
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_GT(nlohmann::json::parse(result.out).at("uncertainty").at("mean"), 0.0);
  EXPECT_EQ(read_picture(folder / "map.png").width_px, 32);
  const ProcessResult one =
      run_easel(generate_arguments({"--uncertainty", folder / "other.png", "-o", folder / "one.png"}));
  EXPECT_NE(one.err.find("take several with --samples"), std::string::npos) << one.err;
}

TEST(Generate, SameSeedGivesTheSameBitsOnAnyNumberOfThreads) {
  const test::TemporaryFolder folder;
  for (const char* threads : {"1", "2"})
    ASSERT_EQ(
        run_easel(generate_arguments({"-s", "7", "--threads", threads, "-o", folder / (threads + std::string(".png"))}))
            .exit_status,
        0);
  ASSERT_EQ(run_easel(generate_arguments({"-s", "7", "-o", folder / "again.png"})).exit_status, 0);
  ASSERT_EQ(run_easel(generate_arguments({"-s", "8", "-o", folder / "other.png"})).exit_status, 0);
  EXPECT_EQ(pixels(folder / "1.png"), pixels(folder / "2.png"));
  EXPECT_EQ(pixels(folder / "1.png"), pixels(folder / "again.png"));
  EXPECT_NE(pixels(folder / "1.png"), pixels(folder / "other.png"));
}

TEST(Generate, PicturesOfABatchEqualThoseMadeAlone) {
  const test::TemporaryFolder folder;
  for (const char* sampler : {"default", "euler_ancestral"}) {
    ASSERT_EQ(run_easel(generate_arguments({"-s", "20", "-n", "3", "--sampler", sampler, "-o", folder / "batch.png"}))
                  .exit_status,
              0);
    ASSERT_EQ(run_easel(generate_arguments({"-s", "22", "--sampler", sampler, "-o", folder / "alone.png"})).exit_status,
              0);
    EXPECT_EQ(pixels(folder / "batch-3.png"), pixels(folder / "alone.png")) << sampler;
    EXPECT_NE(pixels(folder / "batch-1.png"), pixels(folder / "batch-2.png")) << sampler;
  }
}

TEST(Generate, ParametersOfAPictureMakeItAgain) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(run_easel(generate_arguments({"-o", folder / "first.webp", "--negative-prompt", "dog, (blurry:1.3)"}))
                .exit_status,
            0);
  const ProcessResult again =
      run_easel({"generate", "-m", tiny_model(), "--from", folder / "first.webp", "-o", folder / "second.png"});
  ASSERT_EQ(again.exit_status, 0) << again.err;
  const nlohmann::json first = nlohmann::json::parse(read_picture_metadata(folder / "first.webp").json);
  const nlohmann::json second = nlohmann::json::parse(read_picture_metadata(folder / "second.png").json);
  EXPECT_EQ(first, second);
  EXPECT_EQ(second.at("negative_prompt"), "dog, (blurry:1.3)");
}

TEST(Generate, JsonResultNamesFilesSeedsAndParameters) {
  const test::TemporaryFolder folder;
  const ProcessResult result = run_easel(generate_arguments({"-n", "2", "--json", "-o", folder / "x.jpg"}));
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const nlohmann::json json = nlohmann::json::parse(result.out);
  ASSERT_EQ(json.at("pictures").size(), 2u);
  EXPECT_EQ(json["pictures"][0].at("path"), folder / "x-1.jpg");
  EXPECT_EQ(json["pictures"][1].at("seed").get<int64_t>(), json["pictures"][0].at("seed").get<int64_t>() + 1);
  EXPECT_EQ(json["pictures"][0].at("parameters").at("prompt"), "a red cat");
}

TEST(Generate, WithoutAnOutputTheNextFreeNameIsTaken) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(run_easel(generate_arguments({}), folder.path()).exit_status, 0);
  ASSERT_EQ(run_easel(generate_arguments({}), folder.path()).exit_status, 0);
  EXPECT_EQ(folder.file_names(), (std::vector<std::string>{"easel-1.png", "easel-2.png"}));
}

TEST(Generate, PreviewsAreWrittenOnTheWayAndRemovedAtTheEnd) {
  const test::TemporaryFolder folder;
  EaselProcess process(generate_arguments({"--steps", "400", "--preview", "1", "-o", folder / "cat.png"}),
                       folder.path());
  bool seen = false;
  for (int i = 0; i < 3000 && !seen; ++i) {  // half a minute: machines may be busy
    seen = std::filesystem::exists(folder / "cat.preview.png");
    usleep(10'000);
  }
  EXPECT_TRUE(seen);
  process.send_signal(SIGINT);
  process.wait();
  ASSERT_EQ(run_easel(generate_arguments({"--preview", "1", "-o", folder / "dog.png"})).exit_status, 0);
  const auto names = folder.file_names();
  EXPECT_EQ(std::count(names.begin(), names.end(), "dog.preview.png"), 0);
}

TEST(Generate, InterruptStopsItAndLeavesNoFile) {
  const test::TemporaryFolder folder;
  EaselProcess process(generate_arguments({"--steps", "1000", "-o", folder / "cat.png"}), folder.path());
  usleep(500'000);
  process.send_signal(SIGINT);
  const ProcessResult result = process.wait();
  EXPECT_EQ(result.exit_status, 130) << result.err;
  EXPECT_NE(result.err.find("easel: cancelled"), std::string::npos) << result.err;
  EXPECT_TRUE(folder.file_names().empty());
}

// The same seed on both backends: the same picture but for rounding.
TEST(Generate, TorchBackendGivesTheSamePicture) {
  if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
  const test::TemporaryFolder folder;
  ASSERT_EQ(run_easel(generate_arguments({"-s", "3", "-o", folder / "cpu.png"})).exit_status, 0);
  const ProcessResult result =
      run_easel(generate_arguments({"-s", "3", "--device", "torch:cpu", "-o", folder / "torch.png"}));
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const std::vector<uint8_t> cpu = pixels(folder / "cpu.png"), torch = pixels(folder / "torch.png");
  ASSERT_EQ(cpu.size(), torch.size());
  for (size_t i = 0; i < cpu.size(); ++i) ASSERT_LE(std::abs(cpu[i] - torch[i]), 1) << i;
}

TEST(Generate, BandedDecodingGivesTheSamePicture) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(run_easel(generate_arguments({"-s", "3", "-o", folder / "whole.png"})).exit_status, 0);
  ASSERT_EQ(run_easel(generate_arguments({"-s", "3", "--vae-band-rows", "8", "-o", folder / "bands.png"})).exit_status,
            0);
  const std::vector<uint8_t> whole = pixels(folder / "whole.png"), bands = pixels(folder / "bands.png");
  ASSERT_EQ(whole.size(), bands.size());
  for (size_t i = 0; i < whole.size(); ++i) ASSERT_LE(std::abs(whole[i] - bands[i]), 1) << i;  // one rounding
}

}  // namespace
}  // namespace easel
