// What `easel generate` says when it cannot: one line, the right exit status, nothing written.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <limits>

#include "checkpoints/tensor_file.h"
#include "cli/easel_process.h"
#include "model_tools/random_model.h"

namespace easel {
namespace {

constexpr int kUsage = 2;    // the call is wrong
constexpr int kFailure = 1;  // a file or the machine is

void expect_error(const std::vector<std::string>& arguments, int exit_status, const std::vector<std::string>& said) {
  const test::TemporaryFolder folder;
  std::vector<std::string> all{"generate", "a cat", "-m", tiny_model(), "--steps", "2"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const ProcessResult result = run_easel(all, folder.path());
  EXPECT_EQ(result.exit_status, exit_status) << result.err;
  EXPECT_EQ(result.err.rfind("easel: ", 0), 0u) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << "more than one line: " << result.err;
  for (const std::string& words : said) EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  EXPECT_TRUE(folder.file_names().empty()) << folder.file_names().front();
}

TEST(GenerateErrors, SizesThatDoNotFitAreNamedWithTheNearestThatDo) {
  expect_error({"-W", "33"}, kUsage, {"width = 33", "32 and 34"});
  expect_error({"-H", "1"}, kUsage, {"height = 1", "the nearest are 2"});
  expect_error({"-W", "99999"}, kUsage, {"width = 99999", "0..16384"});
}

TEST(GenerateErrors, NumbersOutOfRangeAreNamedWithTheirRange) {
  expect_error({"--steps", "0"}, kUsage, {"num_inference_steps = 0", "1..1000"});
  expect_error({"--steps", "many"}, kUsage, {"num_inference_steps", "many", "integer"});
  expect_error({"--cfg-scale", "-2"}, kUsage, {"guidance_scale = -2", "-1..100"});
  expect_error({"--cfg-scale", "nan"}, kUsage, {"guidance_scale"});
  expect_error({"-n", "0"}, kUsage, {"num_images = 0"});
  expect_error({"--clip-skip", "3"}, kUsage, {"clip_skip = 3"});
  expect_error({"--eta", "0.5", "--sampler", "heun"}, kUsage, {"eta = 0.5", "heun"});
  expect_error({"--schedule", "karras"}, kUsage, {"karras", "needs a sampler"});
}

TEST(GenerateErrors, UnknownNamesComeWithTheList) {
  expect_error({"--sampler", "eulr"}, kUsage, {"eulr", "euler", "dpmpp_2m", "uni_pc"});
  expect_error({"--sampler", "euler", "--schedule", "karas"}, kUsage, {"karas", "karras", "exponential"});
  expect_error({"--rng", "dice"}, kUsage, {"dice", "torch, philox"});
  expect_error({"--device", "tpu"}, kUsage, {"tpu", "cuda"});
  expect_error({"--no-such-flag"}, kUsage, {"--no-such-flag"});
}

TEST(GenerateErrors, OutputIsCheckedBeforeAnythingIsComputed) {
  expect_error({"-o", "no_such_folder/cat.png", "--steps", "1000", "-W", "2048", "-H", "2048"}, kFailure,
               {"no_such_folder"});
  expect_error({"-o", "cat.bmp"}, kUsage, {".png"});
  if (geteuid() != 0) expect_error({"-o", "/cat.png"}, kUsage, {"/cat.png"});
}

// JPEG and WebP keep the parameters in an EXIF block of at most 64 KiB; PNG takes any length.
TEST(GenerateErrors, APromptTooLongForTheFormatIsRefusedBeforeComputing) {
  const std::string prompt(40'000, 'a');
  expect_error({"-p", prompt, "-o", "cat.jpg", "--steps", "1000", "-W", "2048", "-H", "2048"}, kUsage,
               {"EXIF", "PNG has no such limit"});
}

TEST(GenerateErrors, TextThatIsNotUtf8IsRefused) { expect_error({"-p", "caf\xe9"}, kUsage, {"UTF-8"}); }

class BrokenModel : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::copy(tiny_model(), model(), std::filesystem::copy_options::recursive); }
  std::string model() const { return folder_ / "broken"; }
  void expect_refused(const std::vector<std::string>& said) const { expect_error({"-m", model()}, kFailure, said); }

 private:
  test::TemporaryFolder folder_;
};

TEST_F(BrokenModel, MissingModelAndMissingComponentAreNamed) {
  expect_error({"-m", "no_such_model"}, kFailure, {"no_such_model"});
  std::filesystem::remove_all(model() + "/vae");
  expect_refused({"vae"});
}

TEST_F(BrokenModel, TruncatedWeightsAreNamed) {
  const std::string weights = model() + "/unet/diffusion_pytorch_model.safetensors";
  std::filesystem::resize_file(weights, std::filesystem::file_size(weights) / 2);
  expect_refused({"diffusion_pytorch_model.safetensors"});
}

TEST_F(BrokenModel, WeightsThatDoNotFitTheConfigAreNamed) {
  const std::string path = model() + "/unet/config.json";
  std::ifstream in(path);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("\"cross_attention_dim\": 64"), 25, "\"cross_attention_dim\": 48");
  std::ofstream(path) << text;
  expect_refused({"unet", "attn2.to_k.weight", "[32, 64]"});
}

TEST_F(BrokenModel, LatentsThatTurnNonFiniteNameTheStep) {
  const std::string path = model() + "/unet/diffusion_pytorch_model.safetensors";
  TensorFile file = read_safetensors(path);
  Tensor& bias = file.tensors.at("conv_out.bias");
  bias = Tensor::full(bias.shape(), std::numeric_limits<float>::infinity());
  write_safetensors(path, file);
  expect_refused({"step 1", "finite"});
}

TEST(GenerateErrors, ModelsThatNeedAPictureSaySo) {
  const test::TemporaryFolder folder;
  write_random_model(folder / "inpaint", {.unet_changes = {{"in_channels", 9}}});
  expect_error({"-m", folder / "inpaint"}, kFailure, {"9 input channels"});
}

}  // namespace
}  // namespace easel
