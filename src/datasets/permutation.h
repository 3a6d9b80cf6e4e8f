// permutation.h — an order of many things without a list of them.
#pragma once

#include <cstdint>

namespace easel {

// Where `position` goes in a permutation of 0..size-1 that `key` names. Computed for one position alone: a Feistel
// network over the smallest even number of bits that hold size, walked until the result is below size (Black & Rogaway
// 2002, "Ciphers with arbitrary finite domains", section 3). REQUIRES: 0 <= position < size.
int64_t permuted(int64_t position, int64_t size, uint64_t key);

}  // namespace easel
