#include "datasets/pixel_normalization.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "checkpoints/config_reader.h"
#include "files/json_reader.h"

namespace easel {
namespace {

// OpenAI's, as transformers' CLIPImageProcessor assumes.
const std::vector<double> kMean = {0.48145466, 0.4578275, 0.40821073};
const std::vector<double> kStd = {0.26862954, 0.26130258, 0.27577711};

std::vector<double> channel_values(const ConfigReader& reader, const char* key, const std::vector<double>& fallback) {
  std::vector<double> given = reader.numbers(key);
  if (given.empty()) return fallback;
  if (given.size() != 3 || std::ranges::any_of(given, [](double value) { return !(value > 0 && value < 10); }))
    reader.wrong(key, "three positive numbers");
  return given;
}

}  // namespace

PixelNormalization read_pixel_normalization(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "preprocessor_config.json";
  const nlohmann::json json = std::filesystem::exists(file) ? read_json(file) : nlohmann::json::object();
  const ConfigReader reader(json, "preprocessor");
  const std::vector<double> mean = channel_values(reader, "image_mean", kMean);
  const std::vector<double> deviation = channel_values(reader, "image_std", kStd);
  PixelNormalization normalization;
  for (size_t c = 0; c < 3; ++c) {
    // (value / 2 + 1 / 2 - mean) / deviation
    normalization.scale[c] = static_cast<float>(0.5 / deviation[c]);
    normalization.shift[c] = static_cast<float>((0.5 - mean[c]) / deviation[c]);
  }
  return normalization;
}

}  // namespace easel
