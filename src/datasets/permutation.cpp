#include "datasets/permutation.h"

#include <bit>
#include <cassert>

#include "datasets/step_random.h"

namespace easel {
namespace {

constexpr int kRounds = 6;  // four make a strong pseudorandom permutation (Luby & Rackoff 1988); two in reserve

uint64_t feistel(uint64_t value, int half_bits, uint64_t key) {
  const uint64_t mask = (uint64_t{1} << half_bits) - 1;
  uint64_t left = value >> half_bits;
  uint64_t right = value & mask;
  for (int round = 0; round < kRounds; ++round) {
    const uint64_t next = left ^ (random_bits(key, round, Purpose::order, static_cast<int64_t>(right)) & mask);
    left = right;
    right = next;
  }
  return left << half_bits | right;
}

}  // namespace

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
