#include "training/counted_random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace easel {
namespace {

TEST(CountedRandom, EveryArgumentMatters) {
  std::set<uint64_t> seen;
  for (uint64_t seed = 0; seed < 10; ++seed)
    for (const RandomPurpose purpose : {RandomPurpose::order, RandomPurpose::crop_x, RandomPurpose::flip})
      for (uint64_t count = 0; count < 100; ++count) seen.insert(random_bits(seed, purpose, count));
  EXPECT_EQ(seen.size(), 3000u);
}

TEST(CountedRandom, UniformHasTheMeanAndVarianceOfTheUniformDistribution) {
  constexpr int kCount = 100'000;
  double sum = 0, squares = 0;
  for (uint64_t i = 0; i < kCount; ++i) {
    const double value = random_uniform(7, RandomPurpose::flip, i);
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kCount;
  EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(squares / kCount - mean * mean, 1.0 / 12, 2e-3);
}

TEST(Permuted, HitsEveryPlaceOnceForManySizes) {
  for (const int64_t size : {1, 2, 3, 7, 8, 9, 64, 100, 1000, 4097}) {
    std::vector<bool> hit(static_cast<size_t>(size));
    for (int64_t position = 0; position < size; ++position) {
      const int64_t place = permuted(position, size, 42);
      ASSERT_GE(place, 0);
      ASSERT_LT(place, size);
      ASSERT_FALSE(hit[static_cast<size_t>(place)]) << "size " << size;
      hit[static_cast<size_t>(place)] = true;
    }
  }
}

// Each place is equally likely to come first, over the keys.
TEST(Permuted, KeysGiveDifferentOrders) {
  constexpr int64_t kSize = 10;
  constexpr int kKeys = 20'000;
  std::vector<int> counts(kSize);
  for (uint64_t key = 0; key < kKeys; ++key) ++counts[static_cast<size_t>(permuted(0, kSize, key))];
  for (const int count : counts) EXPECT_NEAR(count, kKeys / kSize, 6 * std::sqrt(kKeys * 0.1 * 0.9));
}

}  // namespace
}  // namespace easel
