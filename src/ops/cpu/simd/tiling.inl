// tiling.inl — how work is divided into blocks and tasks.
#pragma once

constexpr int64_t min_of(int64_t a, int64_t b) { return a < b ? a : b; }
constexpr int64_t max_of(int64_t a, int64_t b) { return a > b ? a : b; }
constexpr int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }
constexpr int64_t round_up(int64_t a, int64_t multiple) { return ceil_div(a, multiple) * multiple; }
// The extent of equal blocks, a multiple of `multiple`, that cover `total` in as few blocks as extent `largest` does.
constexpr int64_t balanced_block(int64_t total, int64_t largest, int64_t multiple) {
  return round_up(ceil_div(total, max_of(1, ceil_div(total, largest))), multiple);
}

constexpr int64_t kTasksPerThread = 4;  // enough that the last tasks do not leave threads idle for long
constexpr int64_t kFloatsPerAddress = sizeof(void*) / sizeof(float);
