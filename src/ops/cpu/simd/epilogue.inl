// epilogue.inl — from sums of products to results: bias, time embedding, activation, residual.
#pragma once

#include "ops/cpu/simd/math.inl"
#include "ops/cpu/simd/pixel_position.inl"
#include "ops/cpu/simd/tiling.inl"

// The columns of one block of results and where they go. A block holds up to kBlockColumns sums of each row; for geglu
// the first half of them are values and the second half gates, both of the same results.
constexpr int64_t kBlockColumns = 64;
constexpr int64_t kBlockVectors = kBlockColumns / kLanes;

struct ColumnBlock {
  int64_t first = 0;    // first result column
  int64_t count = 0;    // result columns
  int64_t vectors = 0;  // vectors of results, the last may be partial
  bool geglu = false;
};

inline int64_t result_columns(const Conv2dProblem& p) {
  return p.activation == Activation::geglu ? p.out_channels / 2 : p.out_channels;
}
inline int64_t columns_per_block(const Conv2dProblem& p) {
  return p.activation == Activation::geglu ? kBlockColumns / 2 : kBlockColumns;
}

inline ColumnBlock column_block(const Conv2dProblem& p, int64_t first, int64_t width) {
  ColumnBlock block;
  block.first = first;
  block.count = min_of(width, result_columns(p) - first);
  block.vectors = ceil_div(block.count, kLanes);
  block.geglu = p.activation == Activation::geglu;
  return block;
}

// Vectors of sums of a row of the block.
inline int64_t sum_vectors(const ColumnBlock& block) { return block.vectors * (block.geglu ? 2 : 1); }

// The output channels behind vector v of the block's sums.
struct ChannelRange {
  int64_t first, count;
};
inline ChannelRange channels_of(const Conv2dProblem& p, const ColumnBlock& block, int64_t v) {
  const bool gate = v >= block.vectors;
  const int64_t column = (gate ? v - block.vectors : v) * kLanes;
  return {block.first + column + (gate ? result_columns(p) : 0), min_of(kLanes, block.count - column)};
}

// Writes the results of one pixel. sums: [sum_vectors(block)] vectors.
inline void finish_pixel(const Conv2dProblem& p, const ColumnBlock& block, const float* sums,
                         const PixelPosition& position) {
  const int64_t columns = result_columns(p);
  const float* const temb = p.channel_bias ? p.channel_bias + position.n * p.out_channels : nullptr;
  const auto biased = [&](int64_t v) {
    const ChannelRange channels = channels_of(p, block, v);
    Vector sum = load(sums + v * kLanes);
    if (p.bias) sum = sum + load_first(p.bias + channels.first, channels.count);
    if (temb) sum = sum + load_first(temb + channels.first, channels.count);
    return sum;
  };
  const int64_t pixel = (position.n * p.out_height + position.y) * p.out_width + position.x;
  float* const results = p.y + place_in_y(p, position.n, position.y, position.x) * columns;
  for (int64_t v = 0; v < block.vectors; ++v) {
    const int64_t column = block.first + v * kLanes, count = min_of(kLanes, block.count - v * kLanes);
    Vector y = block.geglu ? biased(v) * gelu(biased(block.vectors + v)) : activated(biased(v), p.activation);
    if (p.residual) y = y + load_first(p.residual + pixel * columns + column, count);
    store_first(results + column, y, count);
  }
}
