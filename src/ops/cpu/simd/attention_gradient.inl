// attention_gradient.inl — what flows back through softmax(scale q k^T) v.
//
// A task owns one head of one sample. For each block of queries it computes the probabilities P anew (they were not
// kept), then dV += P^T dY, dP = dY V^T, dS = P (dP - rowsum(P dP)) scale, dQ = dS K and dK += dS^T Q. Dao et al. 2022,
// arXiv:2205.14135, algorithm 4, with whole rows of P at hand, so that neither the forward's result nor its normaliser
// is needed. Blocks are taken in order: sums do not depend on the number of threads.
#pragma once

#include "ops/cpu/simd/attention.inl"

struct AttentionGradientPlan {
  int64_t query_block;    // a multiple of 8 (transposition) and of kMicroRows
  int64_t key_columns;    // L_k rounded up to whole vectors
  int64_t value_columns;  // D rounded up to whole vectors
  int64_t channels;       // heads * D: the distance of rows
};

inline AttentionGradientPlan plan_attention_gradient(const AttentionProblem& p) {
  AttentionGradientPlan plan;
  // P, dP and a transposed one of 48 queries by 256 keys take 144 KiB of the second-level cache.
  plan.query_block = p.key_tokens <= 512 ? 48 : 24;
  plan.key_columns = round_up(p.key_tokens, kLanes);
  plan.value_columns = round_up(p.head_size, kLanes);
  plan.channels = p.num_heads * p.head_size;
  return plan;
}

struct AttentionGradientScratch {
  float *keys_transposed, *values_transposed;  // [D][key_columns], as panels
  float* keys;                                 // [L_k][value_columns], as panels
  float *grad_k, *grad_v;                      // [L_k][value_columns]
  float *probabilities, *grad_scores;          // [query_block][key_columns]
  float* transposed;                           // [L_k][query_block]
  float* rows;              // [query_block][value_columns]: a block of q or grad_y as panels, or of grad_q
  const float** addresses;  // of rows of a product, kMicroRows more than the longest
};

inline int64_t longest_product(const AttentionProblem& p, const AttentionGradientPlan& plan) {
  return max_of(p.key_tokens, plan.query_block) + kMicroRows;
}

inline int64_t scratch_floats(const AttentionProblem& p, const AttentionGradientPlan& plan) {
  return 2 * p.head_size * plan.key_columns + 3 * p.key_tokens * plan.value_columns +
         2 * plan.query_block * plan.key_columns + p.key_tokens * plan.query_block +
         plan.query_block * plan.value_columns + longest_product(p, plan) * kFloatsPerAddress + kLineFloats;
}

inline AttentionGradientScratch divide_scratch(const AttentionProblem& p, const AttentionGradientPlan& plan,
                                               float* block) {
  AttentionGradientScratch s;
  s.addresses = reinterpret_cast<const float**>(block);  // first: the block is aligned
  s.keys_transposed = block + round_up(longest_product(p, plan) * kFloatsPerAddress, kLineFloats);
  s.values_transposed = s.keys_transposed + p.head_size * plan.key_columns;
  s.keys = s.values_transposed + p.head_size * plan.key_columns;
  s.grad_k = s.keys + p.key_tokens * plan.value_columns;
  s.grad_v = s.grad_k + p.key_tokens * plan.value_columns;
  s.probabilities = s.grad_v + p.key_tokens * plan.value_columns;
  s.grad_scores = s.probabilities + plan.query_block * plan.key_columns;
  s.transposed = s.grad_scores + plan.query_block * plan.key_columns;
  s.rows = s.transposed + p.key_tokens * plan.query_block;
  return s;
}

// out = left * right, or added to it. right: panels of [length][vectors * kLanes].
struct PanelProduct {
  Matrix left;
  int64_t length;
  const float* right;
  int64_t columns;  // a multiple of kLanes: those of right, and the distance of rows of out
  float* out;
  bool accumulate;
};

inline void multiply(const PanelProduct& product, const float** addresses) {
  for (int64_t r = 0; r < round_up(product.left.rows, kMicroRows); ++r)  // no address may be null
    addresses[r] = product.left.data + min_of(r, product.left.rows - 1) * product.left.stride;
  BlockProduct block;
  block.rows = addresses;
  block.row_count = product.left.rows;
  block.length = product.length;
  block.panels = product.right;
  block.vectors = product.columns / kLanes;
  block.out = product.out;
  block.out_stride = product.columns;
  block.accumulate = product.accumulate;
  multiply_block(block);
}

// out[c * out_stride + r] = source row r, element c, for c < columns.
inline void transpose(const Matrix& source, int64_t columns, float* out, int64_t out_stride) {
  for (int64_t r = 0; r < source.rows; r += 8)
    pack_eight_columns<DType::f32>({source.data, DType::f32, source.stride},
                                   {r, min_of(8, source.rows - r), 0, columns}, PackOrder{}, out + r, out_stride);
}

// Scores of one query to probabilities; those behind the `visible` ones become zero.
inline void soften(float* scores, int64_t visible, int64_t columns, float factor) {
  const float largest = largest_score(scores, visible, factor, -1e30f);
  float maximum_score = -1e30f, total = 0.0f;
  weigh_keys(scores, visible, factor, largest, {&maximum_score, &total, nullptr, 0});
  for (int64_t i = visible; i < columns; ++i) scores[i] = 0.0f;
  const Vector scale = broadcast(1.0f / total);
  for (int64_t i = 0; i < columns; i += kLanes) store(scores + i, load(scores + i) * scale);
}

// grads: dP of one query, becomes dS = P (dP - sum(P dP)) scale.
inline void soften_gradient(const float* probabilities, float* grads, int64_t columns, float scale) {
  Vector sum = zero_vector();
  for (int64_t i = 0; i < columns; i += kLanes) sum = fma(load(probabilities + i), load(grads + i), sum);
  const Vector shared = broadcast(sum_of_lanes(sum)), factor = broadcast(scale);
  for (int64_t i = 0; i < columns; i += kLanes)
    store(grads + i, load(probabilities + i) * (load(grads + i) - shared) * factor);
}

// One head of one sample: pointers to its first query or key.
struct HeadGradient {
  const float *q, *k, *v, *grad_y;
  float *grad_q, *grad_k, *grad_v;
};

inline void copy_rows(const float* from, int64_t from_stride, float* to, int64_t to_stride, int64_t rows,
                      int64_t columns) {
  for (int64_t row = 0; row < rows; ++row)
    memcpy(to + row * to_stride, from + row * from_stride, static_cast<size_t>(columns) * sizeof(float));
}

// Queries first .. first + count - 1 of a head.
inline void differentiate_queries(const AttentionProblem& p, const AttentionGradientPlan& plan,
                                  const HeadGradient& head, const AttentionGradientScratch& s, int64_t first,
                                  int64_t count) {
  constexpr float kLog2E = 1.44269504f;
  const Matrix q{head.q + first * plan.channels, count, plan.channels};
  const Matrix grad_y{head.grad_y + first * plan.channels, count, plan.channels};
  const Matrix probabilities{s.probabilities, count, plan.key_columns},
      grad_scores{s.grad_scores, count, plan.key_columns};
  const Matrix transposed{s.transposed, p.key_tokens, plan.query_block};
  multiply({q, p.head_size, s.keys_transposed, plan.key_columns, s.probabilities, false}, s.addresses);
  for (int64_t i = 0; i < count; ++i)
    soften(s.probabilities + i * plan.key_columns, p.causal ? first + i + 1 : p.key_tokens, plan.key_columns,
           p.scale * kLog2E);
  transpose(probabilities, p.key_tokens, s.transposed, plan.query_block);
  pack_rows(grad_y, p.head_size, s.rows);
  multiply({transposed, count, s.rows, plan.value_columns, s.grad_v, true}, s.addresses);
  multiply({grad_y, p.head_size, s.values_transposed, plan.key_columns, s.grad_scores, false}, s.addresses);
  for (int64_t i = 0; i < count; ++i)
    soften_gradient(s.probabilities + i * plan.key_columns, s.grad_scores + i * plan.key_columns, plan.key_columns,
                    p.scale);
  transpose(grad_scores, p.key_tokens, s.transposed, plan.query_block);
  pack_rows(q, p.head_size, s.rows);
  multiply({transposed, count, s.rows, plan.value_columns, s.grad_k, true}, s.addresses);
  multiply({grad_scores, p.key_tokens, s.keys, plan.value_columns, s.rows, false}, s.addresses);
  copy_rows(s.rows, plan.value_columns, head.grad_q + first * plan.channels, plan.channels, count, p.head_size);
}

inline void differentiate_head(const AttentionProblem& p, const AttentionGradientPlan& plan, const HeadGradient& head,
                               const AttentionGradientScratch& s) {
  pack_keys(p, head.k, p.key_tokens, s.keys_transposed);
  pack_keys(p, head.v, p.key_tokens, s.values_transposed);
  pack_rows({head.k, p.key_tokens, plan.channels}, p.head_size, s.keys);
  memset(s.grad_k, 0, static_cast<size_t>(2 * p.key_tokens * plan.value_columns) * sizeof(float));  // and grad_v
  for (int64_t first = 0; first < p.query_tokens; first += plan.query_block) {
    if (tasks_stopping()) return;
    differentiate_queries(p, plan, head, s, first, min_of(plan.query_block, p.query_tokens - first));
  }
  copy_rows(s.grad_k, plan.value_columns, head.grad_k, plan.channels, p.key_tokens, p.head_size);
  copy_rows(s.grad_v, plan.value_columns, head.grad_v, plan.channels, p.key_tokens, p.head_size);
}

void attention_grad(const AttentionProblem& p, const AttentionGradient& gradient) {
  const AttentionGradientPlan plan = plan_attention_gradient(p);
  const Scratch scratch(scratch_floats(p, plan));
  run_tasks(p.batch * p.num_heads, [&](int64_t task, int thread) {
    const int64_t n = task / p.num_heads, first = task % p.num_heads * p.head_size;
    const int64_t query = n * p.query_tokens * plan.channels + first, key = n * p.key_tokens * plan.channels + first;
    const HeadGradient head{p.q + query,
                            p.k + key,
                            p.v + key,
                            gradient.grad_y + query,
                            gradient.grad_q + query,
                            gradient.grad_k + key,
                            gradient.grad_v + key};
    differentiate_head(p, plan, head, divide_scratch(p, plan, scratch.of(thread)));
  });
}
