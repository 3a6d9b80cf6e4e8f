// step_random.h — random numbers of a training, as a function of where they are drawn.
//
// Nothing keeps a generator's state: a value depends on the seed, the step, its purpose and its place in the batch
// alone, so a resumed training draws what an unbroken one draws, and every process of several draws its own share.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

enum class Purpose : uint64_t {
  timesteps = 1,
  noise,
  latents,
  dropout,
  wording,
  weights,
  crop,
  discriminator,
  order,
  flip,
  scenes
};

// 64 well mixed bits.
uint64_t random_bits(uint64_t seed, int64_t step, Purpose purpose, int64_t place);
// Standard normal values in the given shape.
Tensor random_normal(uint64_t seed, int64_t step, Purpose purpose, const Shape& shape, int64_t place = 0);
// The same by rows, [places.size(), ...row]: row n depends on places[n] alone, so an example has its noise in whichever
// process it comes.
Tensor random_normal_rows(uint64_t seed, int64_t step, Purpose purpose, const std::vector<int64_t>& places,
                          const Shape& row);
// 0..limit-1.
int64_t random_below(uint64_t bits, int64_t limit);
// [0, 1) on 53 bits.
double random_unit(uint64_t bits);

}  // namespace easel
