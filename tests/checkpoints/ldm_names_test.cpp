#include "checkpoints/ldm/ldm_names.h"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "checkpoints/checkpoint.h"
#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "golden/golden_folder.h"

namespace easel {
namespace {

bool equal(const Tensor& a, const Tensor& b) {
  const auto bytes = [](const Tensor& t) { return static_cast<const char*>(t.storage()->data()) + t.offset_bytes(); };
  return a.shape() == b.shape() && a.dtype() == b.dtype() && std::memcmp(bytes(a), bytes(b), a.size_bytes()) == 0;
}

void expect_equal(const WeightMap& got, const WeightMap& expected, const std::string& what) {
  EXPECT_FALSE(expected.empty()) << what;
  for (const auto& [name, tensor] : expected) {
    ASSERT_TRUE(got.contains(name)) << what << ": " << name << " is missing";
    EXPECT_TRUE(equal(got.at(name), tensor)) << what << ": " << name << " differs";
  }
  for (const auto& [name, tensor] : got) EXPECT_TRUE(expected.contains(name)) << what << ": " << name << " is extra";
}

struct Pair {
  const char* ldm_case;
  const char* diffusers_case;
  const char* diffusers_file;
  const char* component;
  const char* config_key;  // inside the case's config; "" for the whole
};

constexpr Pair kPairs[] = {
    {"unet/sd1_ldm", "unet/sd1_diffusers", "model", "unet", "diffusers_equivalent"},
    {"unet/sd1_full_ldm", "unet/sd1_full_diffusers", "model", "unet", "diffusers_equivalent"},
    {"unet/sd2_ldm", "unet/sd2_diffusers", "model", "unet", "diffusers_equivalent"},
    {"unet/sdxl_ldm", "unet/sdxl_diffusers", "model", "unet", "diffusers_equivalent"},
    {"unet/inpaint9_ldm", "unet/inpaint9_diffusers", "model", "unet", "diffusers_equivalent"},
    {"unet/unclip_ldm", "unet/unclip_diffusers", "model", "unet", "diffusers_equivalent"},
    {"vae_encode/ldm", "vae_encode/diffusers_new_names", "model", "vae", "diffusers_equivalent"},
    {"text_encoder/sd1_ldm", "text_encoder/sd1_diffusers_f16_storage", "model", "text_encoder", ""},
    {"text_encoder/sd2_ldm", "text_encoder/sd2_diffusers", "model", "text_encoder", ""},
    {"text_encoder/sdxl_pair_ldm", "text_encoder/sdxl_pair_diffusers", "text_encoder", "text_encoder", "text_encoder"},
    {"text_encoder/sdxl_pair_ldm", "text_encoder/sdxl_pair_diffusers", "text_encoder_2", "text_encoder_2",
     "text_encoder_2"},
};

class LdmNames : public testing::TestWithParam<Pair> {
 protected:
  void SetUp() override {
    const Pair& pair = GetParam();
    const std::filesystem::path folder = golden::golden_folder() / pair.ldm_case;
    if (!std::filesystem::exists(folder) || !std::filesystem::exists(golden::golden_folder() / pair.diffusers_case))
      GTEST_SKIP() << "the golden data here lack " << pair.ldm_case << " or " << pair.diffusers_case;
    const std::string file = std::string(pair.diffusers_file) + ".safetensors";
    config_ = read_json(folder / "case.json").at("config");
    if (*pair.config_key != '\0') config_ = config_.at(pair.config_key);
    ldm_ = read_tensor_file(folder / "model.safetensors").tensors;
    diffusers_ = read_tensor_file(golden::golden_folder() / pair.diffusers_case / file).tensors;
  }

  nlohmann::json config_;
  WeightMap ldm_, diffusers_;
};

// The cases of a pair hold the same numbers, some in another precision.
WeightMap as_f32(const WeightMap& weights) {
  WeightMap converted;
  for (const auto& [name, tensor] : weights) converted[name] = tensor.to_f32();
  return converted;
}

TEST_P(LdmNames, FileOfOneLayoutGivesTheWeightsOfTheOther) {
  expect_equal(as_f32(ldm_to_diffusers(ldm_, GetParam().component, config_)), as_f32(diffusers_), GetParam().ldm_case);
}

TEST_P(LdmNames, ConversionsInvertEachOther) {
  const std::string component = GetParam().component;
  const WeightMap ldm = diffusers_to_ldm(diffusers_, component, config_);
  expect_equal(ldm_to_diffusers(ldm, component, config_), diffusers_, "diffusers to LDM and back");
  const WeightMap diffusers = ldm_to_diffusers(ldm, component, config_);
  expect_equal(diffusers_to_ldm(diffusers, component, config_), ldm, "LDM to diffusers and back");
}

TEST_P(LdmNames, RenamedTensorsAreViewsUnlessTransposed) {
  for (const auto& [name, tensor] : ldm_to_diffusers(ldm_, GetParam().component, config_)) {
    const bool is_view = tensor.storage() == ldm_.begin()->second.storage();
    EXPECT_EQ(is_view, name != "text_projection.weight") << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, LdmNames, testing::ValuesIn(kPairs), [](const auto& instance) {
  std::string name = std::string(instance.param.ldm_case) + "_" + instance.param.component;
  std::ranges::replace(name, '/', '_');
  return name;
});

TEST(LdmNamesOfOldFiles, TextEncoderWithoutTextModelPrefix) {
  const WeightMap old = {{"cond_stage_model.transformer.embeddings.position_embedding.weight", Tensor::zeros({77, 8})},
                         {"cond_stage_model.transformer.encoder.layers.0.mlp.fc1.bias", Tensor::zeros({32})}};
  const WeightMap weights = ldm_to_diffusers(old, "text_encoder", nlohmann::json::object());
  EXPECT_TRUE(weights.contains("text_model.embeddings.position_embedding.weight"));
  EXPECT_TRUE(weights.contains("text_model.encoder.layers.0.mlp.fc1.bias"));
}

TEST(LdmNamesOfOldFiles, AttentionOfOldAutoencodersGetsItsCurrentNames) {
  const std::filesystem::path folder = golden::golden_folder() / "vae_encode";
  if (!std::filesystem::exists(folder / "diffusers")) GTEST_SKIP() << "the golden data here lack vae_encode/diffusers";
  const WeightMap old = read_tensor_file(folder / "diffusers" / "model.safetensors").tensors;
  const WeightMap current = read_tensor_file(folder / "diffusers_new_names" / "model.safetensors").tensors;
  expect_equal(as_f32(with_current_names(old)), as_f32(current), "old names");
}

TEST(LdmNamesOfOtherFiles, AMissingComponentIsNotFound) {
  const WeightMap vae_only = {{"first_stage_model.quant_conv.weight", Tensor::zeros({8, 8, 1, 1})}};
  EXPECT_THROW(ldm_to_diffusers(vae_only, "unet", nlohmann::json::object()), Error);
}

}  // namespace
}  // namespace easel
