#include "training/counted_random.h"

#include <bit>
#include <cassert>

namespace easel {
namespace {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;  // SplitMix64's increment: 2^64 / golden ratio
constexpr int kFeistelRounds = 6;                 // four are a strong pseudorandom permutation; two in reserve

uint64_t mixed(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

uint64_t chained(uint64_t state, uint64_t value) { return mixed(state + kGolden * (value + 1)); }

uint64_t feistel(uint64_t value, int half_bits, uint64_t key) {
  const uint64_t mask = (uint64_t{1} << half_bits) - 1;
  uint64_t left = value >> half_bits;
  uint64_t right = value & mask;
  for (uint64_t round = 0; round < kFeistelRounds; ++round) {
    const uint64_t next = left ^ (chained(chained(key, round), right) & mask);
    left = right;
    right = next;
  }
  return left << half_bits | right;
}

}  // namespace

uint64_t random_bits(uint64_t seed, RandomPurpose purpose, uint64_t count) {
  return chained(chained(mixed(seed + kGolden), static_cast<uint64_t>(purpose)), count);
}

double random_uniform(uint64_t seed, RandomPurpose purpose, uint64_t count) {
  return static_cast<double>(random_bits(seed, purpose, count) >> 11) * 0x1p-53;
}

int64_t permuted(int64_t position, int64_t size, uint64_t key) {
  assert(position >= 0 && position < size);
  const int bits = std::bit_width(static_cast<uint64_t>(size - 1));
  const int half_bits = (bits + 1) / 2;
  auto value = static_cast<uint64_t>(position);
  do value = feistel(value, half_bits, key);
  while (value >= static_cast<uint64_t>(size));
  return static_cast<int64_t>(value);
}

}  // namespace easel
