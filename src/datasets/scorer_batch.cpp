#include "datasets/scorer_batch.h"

#include <algorithm>
#include <exception>
#include <vector>

#include "datasets/picture_transform.h"
#include "datasets/step_random.h"
#include "storybook/drawing.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

using storybook::Scene;
using storybook::Split;

constexpr int64_t kHeldOutEvery = 3;
constexpr int64_t kMaxBlurs = 3;    // passes, exclusive
constexpr float kMaxGrain = 0.12f;  // of the range -1..1

// One pass of [1 2 1] / 4 along a line of `count` values, `stride` apart; the ends count twice.
void blur_line(float* values, int64_t count, int64_t stride) {
  float before = values[0];
  for (int64_t i = 0; i < count; ++i) {
    const float here = values[i * stride], after = values[std::min(i + 1, count - 1) * stride];
    values[i * stride] = 0.25f * before + 0.5f * here + 0.25f * after;
    before = here;
  }
}

void blur(float* picture, int64_t size) {
  for (int64_t line = 0; line < size; ++line)
    for (int64_t c = 0; c < 3; ++c) {
      blur_line(picture + line * size * 3 + c, size, 3);
      blur_line(picture + line * 3 + c, size, size * 3);
    }
}

// Uniform noise within ±amplitude, eight values of each 64 random bits.
void add_grain(float* picture, int64_t count, float amplitude, uint64_t seed) {
  for (int64_t i = 0; i < count; ++i) {
    const uint64_t bits = random_bits(seed, 0, Purpose::noise, i / 8) >> (8 * (i % 8)) & 0xff;
    picture[i] = std::clamp(picture[i] + amplitude * (static_cast<float>(bits) / 127.5f - 1), -1.0f, 1.0f);
  }
}

void soften(float* picture, int64_t size, uint64_t bits) {
  for (int64_t pass = random_below(bits, kMaxBlurs); pass > 0; --pass) blur(picture, size);
  const uint64_t more_bits = random_bits(bits, 0, Purpose::noise, -1);
  if (more_bits % 2 == 0)
    add_grain(picture, size * size * 3, kMaxGrain * static_cast<float>(random_unit(more_bits)), bits);
}

}  // namespace

ScorerBatch draw_scorer_batch(const ScorerBatchOptions& options, int64_t number) {
  ScorerBatch batch{.scenes = std::vector<Scene>(static_cast<size_t>(options.batch_size)),
                    .pictures = Tensor::empty({options.batch_size, options.size_px, options.size_px, 3})};
  for (int64_t i = 0; i < options.batch_size; ++i)
    batch.scenes[static_cast<size_t>(i)] =
        sample_scene(options.world, i % kHeldOutEvery == 0 ? Split::held_out : Split::any,
                     random_bits(options.seed, number, Purpose::wording, i));
  const auto side = static_cast<int>(options.size_px);
  const auto draw_one = [&](int64_t i, int) {
    const Picture picture = storybook::draw(batch.scenes[static_cast<size_t>(i)], side);
    float* const values = batch.pictures.f32() + i * options.size_px * options.size_px * 3;
    crop_to_values(picture, {side, side}, {}, values);
    soften(values, options.size_px, random_bits(options.seed, number, Purpose::crop, i));
  };
  std::vector<std::exception_ptr> failures(static_cast<size_t>(options.batch_size));
  parallel_for(options.batch_size, [&](int64_t i, int thread) {
    try {
      draw_one(i, thread);
    } catch (...) {
      failures[static_cast<size_t>(i)] = std::current_exception();
    }
  });
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  return batch;
}

}  // namespace easel
