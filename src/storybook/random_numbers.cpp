#include "storybook/random_numbers.h"

#include <numeric>

#include "tensor/splitmix64.h"

namespace easel::storybook {
RandomNumbers::RandomNumbers(uint64_t seed, uint64_t stream)
    : state_(splitmix64(seed + kGoldenGamma) ^ splitmix64(stream)) {}

uint64_t RandomNumbers::next() {
  state_ += kGoldenGamma;
  return splitmix64(state_);
}

int RandomNumbers::below(int bound) {
  // The upper half of a 32 x 32-bit product; its bias is below bound / 2^32.
  return static_cast<int>(((next() >> 32) * static_cast<uint64_t>(bound)) >> 32);
}

bool RandomNumbers::chance(int percent) { return below(100) < percent; }

double RandomNumbers::between(double low, double high) {
  return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1p-53);
}

size_t RandomNumbers::pick_weighted(std::span<const int> weights) {
  int left = below(std::accumulate(weights.begin(), weights.end(), 0));
  size_t index = 0;
  while (left >= weights[index]) left -= weights[index++];
  return index;
}

}  // namespace easel::storybook
