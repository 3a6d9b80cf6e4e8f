// counted_random.h — random numbers without a generator's state: each is a function of what it is for, so that a
// resumed training draws what an unbroken one would have drawn.
#pragma once

#include <cstdint>

namespace easel {

// What a number is drawn for; numbers of different purposes are independent.
enum class RandomPurpose : uint64_t { order, group_order, crop_x, crop_y, flip, caption_dropout, wording, aspect };

// 64 uniform bits for number `count` of a purpose. SplitMix64's finaliser (Steele, Lea & Flood 2014, figure 16) over
// each argument in turn.
uint64_t random_bits(uint64_t seed, RandomPurpose purpose, uint64_t count);
// Uniform in [0, 1), 53 bits.
double random_uniform(uint64_t seed, RandomPurpose purpose, uint64_t count);

// Where `position` goes in a permutation of 0..size-1 that `key` names. Computed for one position alone: a Feistel
// network of six rounds over the smallest even number of bits that hold size, walked until the result is below size
// (Black & Rogaway 2002, "Ciphers with arbitrary finite domains", section 3). REQUIRES: 0 <= position < size.
int64_t permuted(int64_t position, int64_t size, uint64_t key);

}  // namespace easel
