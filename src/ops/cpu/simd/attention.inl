// attention.inl — softmax(scale q k^T) v without a matrix of scores.
//
// A task owns a block of queries of one head and passes over the keys in blocks. For each it packs k^T and v as panels,
// and for every six queries: scores (micro-kernel), exponentials relative to the running maximum, and their product
// with v added to the running sum, which is scaled down whenever the maximum grows. Milakov & Gimelshein 2018,
// arXiv:1805.02867, alg. 3; Dao et al. 2022, arXiv:2205.14135, alg. 1. Scores of six queries by one key block stay in
// the first-level cache. Exponentials are taken to base 2 of scores times scale * log2 e.
#pragma once

#include "ops/cpu/simd/math.inl"
#include "ops/cpu/simd/micro_kernel.inl"
#include "ops/cpu/simd/pack.inl"
#include "ops/cpu/simd/tiling.inl"

struct AttentionPlan {
  int64_t query_block;                   // queries of a task, a multiple of kMicroRows
  int64_t query_blocks;                  // of one head
  int64_t key_block;                     // keys of a pass; it decides the order of the sums' terms
  int64_t value_vectors, value_columns;  // D rounded up to whole vectors
};

inline AttentionPlan plan_attention(const AttentionProblem& p) {
  AttentionPlan plan;
  // Packing a key block costs about as much as four queries; large heads take smaller blocks so that the running sums
  // stay in the second-level cache.
  const int64_t largest = p.head_size <= 256 ? 240 : 120;
  const int64_t wanted = ceil_div(kTasksPerThread * num_threads(), p.batch * p.num_heads);
  plan.query_block =
      balanced_block(p.query_tokens, max_of(kMicroRows, min_of(largest, ceil_div(p.query_tokens, wanted))), kMicroRows);
  plan.query_blocks = ceil_div(p.query_tokens, max_of(1, plan.query_block));
  plan.key_block = p.head_size <= 128 ? 256 : 128;
  plan.value_vectors = ceil_div(p.head_size, kLanes);
  plan.value_columns = plan.value_vectors * kLanes;
  return plan;
}

struct AttentionScratch {
  float* keys;    // [D][key_block], as panels
  float* values;  // [key_block][value_columns], as panels
  float* scores;  // [kMicroRows][key_block]
  float* sums;    // [query_block][value_columns]: sum of weight * value so far
  float* maxima;  // [query_block]: largest score so far, times scale * log2 e
  float* totals;  // [query_block]: sum of weights so far
};

inline int64_t scratch_floats(const AttentionProblem& p, const AttentionPlan& plan) {
  return plan.key_block * (p.head_size + plan.value_columns + kMicroRows) + plan.query_block * (plan.value_columns + 2);
}

inline AttentionScratch divide_scratch(const AttentionProblem& p, const AttentionPlan& plan, float* block) {
  AttentionScratch scratch;
  scratch.keys = block;
  scratch.values = scratch.keys + plan.key_block * p.head_size;
  scratch.scores = scratch.values + plan.key_block * plan.value_columns;
  scratch.sums = scratch.scores + kMicroRows * plan.key_block;
  scratch.maxima = scratch.sums + plan.query_block * plan.value_columns;
  scratch.totals = scratch.maxima + plan.query_block;
  return scratch;
}

// k: first key of the block, rows `channels` apart.
inline void pack_keys(const AttentionProblem& p, const float* k, int64_t keys, float* panels) {
  const PackSource source{k, DType::f32, p.num_heads * p.head_size};
  const int64_t vectors = ceil_div(keys, kLanes);
  for (int64_t v = 0; v < vectors; ++v) {
    const int64_t panel = v / kPanelVectors * kPanelVectors;
    const int64_t width = min_of(kPanelVectors, vectors - panel);
    pack_columns(source, {v * kLanes, min_of(kLanes, keys - v * kLanes), 0, p.head_size}, PackOrder{},
                 panels + panel * p.head_size * kLanes + (v - panel) * kLanes, width * kLanes);
  }
}

struct Matrix {
  const float* data;
  int64_t rows, stride;
};

// Rows as they are stored, as panels of [rows][columns rounded up to whole vectors].
inline void pack_rows(const Matrix& source, int64_t columns, float* panels) {
  const int64_t vectors = ceil_div(columns, kLanes);
  for (int64_t v = 0; v < vectors; ++v) {
    const int64_t panel = v / kPanelVectors * kPanelVectors, width = min_of(kPanelVectors, vectors - panel);
    float* const out = panels + panel * source.rows * kLanes + (v - panel) * kLanes;
    const int64_t count = min_of(kLanes, columns - v * kLanes);
    for (int64_t row = 0; row < source.rows; ++row)
      store(out + row * width * kLanes, load_first(source.data + row * source.stride + v * kLanes, count));
  }
}

// What a query has gathered from the keys so far. Scores are counted times scale * log2 e.
struct QueryState {
  float* maximum;  // the largest score
  float* total;    // sum of weights 2^(score - maximum)
  float* sums;     // [columns]: sum of weight * value
  int64_t columns;
};

// The largest of `least` and the first `keys` scores times factor.
inline float largest_score(const float* scores, int64_t keys, float factor, float least) {
  const int64_t whole = keys / kLanes * kLanes;
  Vector largest = broadcast(least);
  for (int64_t i = 0; i < whole; i += kLanes) largest = maximum(largest, load(scores + i) * broadcast(factor));
  for (int64_t i = whole; i < keys; ++i) largest = maximum(largest, broadcast(scores[i] * factor));
  return largest_lane(largest);
}

// Turns the first `keys` scores of a query into weights, relative to the maximum `current`, and updates its state but
// for the sums' new terms.
inline void weigh_keys(float* scores, int64_t keys, float factor, float current, const QueryState& state) {
  const float previous = *state.maximum;
  const Vector scale = broadcast(factor), offset = broadcast(-current);
  const int64_t whole = keys / kLanes * kLanes;
  Vector weights_sum = zero_vector();
  for (int64_t i = 0; i < whole; i += kLanes) {
    const Vector weights = exp2_of(fma(load(scores + i), scale, offset));
    store(scores + i, weights);
    weights_sum = weights_sum + weights;
  }
  if (whole < keys) {
    const int64_t rest = keys - whole;
    store_first(scores + whole, exp2_of(fma(load_first(scores + whole, rest), scale, offset)), rest);
    weights_sum = weights_sum + load_first(scores + whole, rest);
  }
  float shrink[kLanes];
  store(shrink, exp2_of(broadcast(previous) + offset));
  *state.total = *state.total * shrink[0] + sum_of_lanes(weights_sum);
  if (current > previous)
    for (int64_t c = 0; c < state.columns; c += kLanes)
      store(state.sums + c, load(state.sums + c) * broadcast(shrink[0]));
  *state.maximum = current;
}

// Where a task works: q and y point at its first query of its head, k and v at the head's first key.
struct AttentionTask {
  const float *q, *k, *v;
  float* y;
  int64_t first_query, queries;
};

// Queries row .. row + rows - 1 of a task against keys first_key .. first_key + keys - 1.
struct AttentionTile {
  int64_t row, rows, first_key, keys;
};

// Adds the keys of the tile to the states of its queries.
inline void attend_to_tile(const AttentionProblem& p, const AttentionPlan& plan, const AttentionTask& task,
                           const AttentionScratch& scratch, const AttentionTile& tile) {
  constexpr float kLog2E = 1.44269504f;
  const float* addresses[kMicroRows] = {};
  for (int64_t r = 0; r < tile.rows; ++r) addresses[r] = task.q + (tile.row + r) * p.num_heads * p.head_size;
  BlockProduct product;
  product.rows = addresses;
  product.row_count = tile.rows;
  product.length = p.head_size;
  product.panels = scratch.keys;
  product.vectors = ceil_div(tile.keys, kLanes);
  product.out = scratch.scores;
  product.out_stride = plan.key_block;
  multiply_block(product);  // scores: [rows][key_block]
  const float factor = p.scale * kLog2E;
  int64_t visible[kMicroRows];
  float largest[kMicroRows];
  for (int64_t r = 0; r < tile.rows; ++r) {
    const int64_t query = tile.row + r, before = task.first_query + query + 1 - tile.first_key;
    visible[r] = p.causal ? max_of(0, min_of(tile.keys, before)) : tile.keys;
    largest[r] = largest_score(scratch.scores + r * plan.key_block, visible[r], factor, scratch.maxima[query]);
  }
  for (int64_t r = 0; r < tile.rows; ++r) {  // apart from the loop above, so that rows need not wait for each other
    const int64_t query = tile.row + r, columns = plan.value_columns;
    float* const scores = scratch.scores + r * plan.key_block;
    if (visible[r] > 0)
      weigh_keys(scores, visible[r], factor, largest[r],
                 {scratch.maxima + query, scratch.totals + query, scratch.sums + query * columns, columns});
    for (int64_t i = visible[r]; i < tile.keys; ++i) scores[i] = 0.0f;
    addresses[r] = scores;
  }
  product.length = tile.keys;
  product.panels = scratch.values;
  product.vectors = plan.value_vectors;
  product.out = scratch.sums + tile.row * plan.value_columns;
  product.out_stride = plan.value_columns;
  product.accumulate = true;
  multiply_block(product);
}

inline void attend(const AttentionProblem& p, const AttentionPlan& plan, const AttentionTask& task,
                   const AttentionScratch& scratch) {
  const int64_t channels = p.num_heads * p.head_size;
  for (int64_t i = 0; i < task.queries; ++i) {
    scratch.maxima[i] = -1e30f;  // below every score, and finite, so that differences are
    scratch.totals[i] = 0.0f;
  }
  memset(scratch.sums, 0, static_cast<size_t>(task.queries * plan.value_columns) * sizeof(float));
  const int64_t key_tokens = p.causal ? min_of(p.key_tokens, task.first_query + task.queries) : p.key_tokens;
  for (int64_t key = 0; key < key_tokens; key += plan.key_block) {
    if (tasks_stopping()) return;
    const int64_t keys = min_of(plan.key_block, key_tokens - key);
    pack_keys(p, task.k + key * channels, keys, scratch.keys);
    pack_rows({task.v + key * channels, keys, channels}, p.head_size, scratch.values);
    for (int64_t row = 0; row < task.queries; row += kMicroRows)
      attend_to_tile(p, plan, task, scratch, {row, min_of(kMicroRows, task.queries - row), key, keys});
  }
  for (int64_t i = 0; i < task.queries; ++i) {
    const Vector total = broadcast(scratch.totals[i]);
    for (int64_t d = 0; d < p.head_size; d += kLanes)
      store_first(task.y + i * channels + d, load(scratch.sums + i * plan.value_columns + d) / total,
                  min_of(kLanes, p.head_size - d));
  }
}

void attention(const AttentionProblem& p) {
  const AttentionPlan plan = plan_attention(p);
  const Scratch scratch(scratch_floats(p, plan));
  const int64_t channels = p.num_heads * p.head_size;
  run_tasks(p.batch * p.num_heads * plan.query_blocks, [&](int64_t index, int thread) {
    const int64_t n = index / (p.num_heads * plan.query_blocks);
    const int64_t head = index / plan.query_blocks % p.num_heads;
    AttentionTask task;
    task.first_query = index % plan.query_blocks * plan.query_block;
    task.queries = min_of(plan.query_block, p.query_tokens - task.first_query);
    const int64_t query = (n * p.query_tokens + task.first_query) * channels + head * p.head_size;
    const int64_t key = n * p.key_tokens * channels + head * p.head_size;
    task.q = p.q + query;
    task.k = p.k + key;
    task.v = p.v + key;
    task.y = p.y + query;
    attend(p, plan, task, divide_scratch(p, plan, scratch.of(thread)));
  });
}
