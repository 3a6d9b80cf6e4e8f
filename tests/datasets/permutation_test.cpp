#include "datasets/permutation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace easel {
namespace {

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
