// scorer_batch.h — drawings with their scenes, made on the fly: what the scorer learns from.
#pragma once

#include <vector>

#include "storybook/world.h"
#include "tensor/tensor.h"

namespace easel {

struct ScorerBatchOptions {
  storybook::World world = {};
  int64_t size_px = 128;
  int64_t batch_size = 64;
  uint64_t seed = 0;
};

struct ScorerBatch {
  std::vector<storybook::Scene> scenes;  // batch_size
  Tensor pictures;                       // [batch_size, size_px, size_px, 3] in [-1, 1]
};

// Batch `number`, a function of the options and the number alone. Every third scene shows a held-out combination, so
// that the scorer knows them as well as the others. Pictures are randomly made softer and grainier, as what comes out
// of a decoder may be. Throws what storybook::draw throws.
ScorerBatch draw_scorer_batch(const ScorerBatchOptions& options, int64_t number);

}  // namespace easel
