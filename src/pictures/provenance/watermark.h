// watermark.h — a mark in the pixels that cannot be seen and that copies carry on.
//
// Spread spectrum (Cox et al. 1997, doi:10.1109/83.650120): in every 8x8 block of the luma seven low and middle cosine
// coefficients move by a few levels up or down, as a key says, a little more where the block is busy. The pattern
// repeats every 8x8 blocks, so that any part of 64 pixels has it whole; a detector tries every place where it could
// begin. Half of the coefficients say that there is a mark, half carry 48 bits. It survives JPEG and crops, not a
// change of size.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "easel/picture.h"

namespace easel {

inline constexpr std::string_view kWatermarkKey = "easel";
inline constexpr int kMessageBits = 48;

// The picture with the mark. message: its lowest 48 bits. changed: a value for each pixel, 0 where it is to keep every
// byte; empty: everywhere.
Picture with_watermark(const Picture& picture, uint64_t message, std::string_view key = kWatermarkKey,
                       const std::vector<float>& changed = {});

struct Watermark {
  double score;      // standard deviations above what unmarked pictures give; marked ones have at least kMarkedScore
  uint64_t message;  // right for pictures of 512 pixels a side and more, whether or not they were compressed
};
inline constexpr double kMarkedScore = 6.5;

// Whatever fits best, marked or not; nothing for pictures smaller than 64 pixels a side.
std::optional<Watermark> find_watermark(const Picture& picture, std::string_view key = kWatermarkKey);

// The marks that the scripts of Stable Diffusion 1 and diffusers' pipelines of XL write (the method "dwtDct" of the
// package invisible-watermark): how many of the 136 and 48 bits are found.
struct KnownMark {
  const char* name;
  int bits, found;
  bool marked() const { return found >= bits - bits / 8; }
};
std::vector<KnownMark> find_known_marks(const Picture& picture);

}  // namespace easel
