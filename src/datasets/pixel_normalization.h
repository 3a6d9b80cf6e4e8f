// pixel_normalization.h — the pixel values that a CLIP model was trained on.
#pragma once

#include <array>
#include <filesystem>

namespace easel {

// By channel: what the model takes is scale * value + shift, for values in [-1, 1].
struct PixelNormalization {
  std::array<float, 3> scale{}, shift{};
};

// From image_mean and image_std in the folder's preprocessor_config.json, which are of values in [0, 1]; where they are
// not given, those of OpenAI's models. Throws CorruptFile naming the key.
PixelNormalization read_pixel_normalization(const std::filesystem::path& folder);

}  // namespace easel
