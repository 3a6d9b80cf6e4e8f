// random_numbers.h — pseudo-random numbers that are the same on every machine.
#pragma once

#include <cstdint>
#include <span>

namespace easel::storybook {

// SplitMix64 (tensor/splitmix64.h).
class RandomNumbers {
 public:
  // Streams of one seed are independent of each other: one per purpose.
  explicit RandomNumbers(uint64_t seed, uint64_t stream = 0);

  uint64_t next();
  int below(int bound);                     // 0..bound-1; REQUIRES: bound >= 1
  bool chance(int percent);                 // true in so many of 100 cases
  double between(double low, double high);  // uniform, 53 bits

  template <typename T>
  const T& pick(std::span<const T> items) {
    return items[static_cast<size_t>(below(static_cast<int>(items.size())))];
  }
  // An index with a probability proportional to its weight. REQUIRES: a positive sum.
  size_t pick_weighted(std::span<const int> weights);

 private:
  uint64_t state_;
};

}  // namespace easel::storybook
