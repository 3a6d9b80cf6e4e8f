// animation.h — pictures one after the other in one file: animated WebP, and PNG with the chunks of APNG.
#pragma once

#include <filesystem>
#include <vector>

#include "pictures/picture_file.h"

namespace easel {

struct AnimationOptions {
  double frames_per_second = 12;  // above 0, at most 100
  int loops = 0;                  // 0: for ever
  int quality = 90;               // 1..100 of WebP; PNG is lossless
  PictureMetadata metadata{};
};

// Throws InvalidArgument: no frame, frames of different sizes, a format without animation, options out of range; and
// what encode_picture does.
std::vector<uint8_t> encode_animation(const std::vector<Picture>& frames, PictureFormat format,
                                      const AnimationOptions& options = {});

// By the extension, .webp or .png; written under a temporary name and renamed.
void write_animation(const std::filesystem::path& path, const std::vector<Picture>& frames,
                     const AnimationOptions& options = {});

}  // namespace easel
