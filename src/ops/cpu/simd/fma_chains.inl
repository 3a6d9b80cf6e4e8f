// fma_chains.inl — nothing but fused multiply-adds in registers: the peak that benchmarks compare with.
#pragma once

// Independent chains: more than latency times throughput (4 cycles x 2 a cycle) of every CPU with these instructions.
constexpr int kFmaChains = 12;
constexpr int64_t kFlopsPerFmaIteration = int64_t{2} * kFmaChains * kLanes;

void run_fma_chains(int64_t iterations) {
  Vector chains[kFmaChains];
  for (int i = 0; i < kFmaChains; ++i) chains[i] = broadcast(1.0f + static_cast<float>(i));
  const Vector factor = broadcast(0.999f), term = broadcast(0.001f);  // towards 1: no denormals, no overflow
  for (int64_t k = 0; k < iterations; ++k)
    for (int i = 0; i < kFmaChains; ++i) chains[i] = fma(chains[i], factor, term);
  for (int i = 0; i < kFmaChains; ++i) asm volatile("" : : "x"(chains[i]));  // the results count as used
}
