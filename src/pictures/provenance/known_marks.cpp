// The decoder of invisible-watermark's "dwtDct": a bit for every 4x4 block of the Haar approximation of U, read from
// the remainder of its largest value by 36.
#include <array>
#include <cmath>
#include <string_view>

#include "pictures/provenance/watermark.h"

namespace easel {
namespace {

constexpr int kBlock = 4;
constexpr float kScale = 36;

using Bits = std::vector<bool>;

Bits bits_of_text(std::string_view text) {
  Bits bits;
  for (const char c : text)
    for (int bit = 7; bit >= 0; --bit) bits.push_back(static_cast<unsigned char>(c) >> bit & 1);
  return bits;
}

Bits bits_of_number(uint64_t number, int count) {
  Bits bits;
  for (int bit = count - 1; bit >= 0; --bit) bits.push_back(number >> bit & 1);
  return bits;
}

// U of 8-bit YUV as OpenCV has it.
float u_of(const Picture& picture, int x, int y) {
  const uint8_t* p = &picture.pixels[static_cast<size_t>((y * picture.width_px + x) * picture.channels)];
  const float luma = std::round(0.299f * p[0] + 0.587f * p[1] + 0.114f * p[2]);
  return std::round(std::min(255.0f, std::max(0.0f, 0.492f * (p[2] - luma) + 128)));
}

// Every block's bit, in order.
Bits block_bits(const Picture& picture) {
  const int columns = picture.width_px / 4 * 4 / 2 / kBlock, rows = picture.height_px / 4 * 4 / 2 / kBlock;
  Bits bits;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      float largest = -1;
      for (int i = 1; i < kBlock * kBlock; ++i) {
        const int x = 2 * (column * kBlock + i % kBlock), y = 2 * (row * kBlock + i / kBlock);
        const float value =
            (u_of(picture, x, y) + u_of(picture, x + 1, y) + u_of(picture, x, y + 1) + u_of(picture, x + 1, y + 1)) / 2;
        largest = std::max(largest, value);
      }
      bits.push_back(std::fmod(largest, kScale) > kScale / 2);
    }
  return bits;
}

int matching_bits(const Bits& found, const Bits& message) {
  int matching = 0;
  for (size_t bit = 0; bit < message.size(); ++bit) {
    int ones = 0, votes = 0;
    for (size_t i = bit; i < found.size(); i += message.size(), ++votes) ones += found[i];
    matching += votes > 0 && (2 * ones > votes) == message[bit];
  }
  return matching;
}

}  // namespace

std::vector<KnownMark> find_known_marks(const Picture& picture) {
  if (picture.channels < 3) return {};
  const Bits found = block_bits(picture);
  std::vector<KnownMark> marks;
  for (const auto& [name, message] : {std::pair{"Stable Diffusion 1", bits_of_text("StableDiffusionV1")},
                                      std::pair{"Stable Diffusion XL", bits_of_number(0xB3EC907BB19E, 48)}})
    marks.push_back({.name = name, .bits = static_cast<int>(message.size()), .found = matching_bits(found, message)});
  return marks;
}

}  // namespace easel
