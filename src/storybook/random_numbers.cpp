#include "storybook/random_numbers.h"

#include <numeric>

namespace easel::storybook {
namespace {

constexpr uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;  // 2^64 / golden ratio, odd: SplitMix64's increment

uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

}  // namespace

RandomNumbers::RandomNumbers(uint64_t seed, uint64_t stream) : state_(mix(seed + kGoldenGamma) ^ mix(stream)) {}

uint64_t RandomNumbers::next() {
  state_ += kGoldenGamma;
  return mix(state_);
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
