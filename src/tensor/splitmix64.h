// splitmix64.h — the one integer mixer behind everything that is random and must be the same on every machine.
// Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators", figure 16, doi:10.1145/2660193.2660195.
#pragma once

#include <cstdint>

namespace easel {

constexpr uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;  // 2^64 / golden ratio, odd: SplitMix64's increment

// Its finaliser, a bijection: neighbouring values come out unrelated; 0 stays 0.
constexpr uint64_t splitmix64(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace easel
