#include "datasets/step_random.h"

#include "diffusion/noise_source.h"
#include "ops/ops.h"
#include "tensor/splitmix64.h"

namespace easel {
namespace {

uint64_t mixed(uint64_t z) { return splitmix64(z + kGoldenGamma); }

}  // namespace

uint64_t random_bits(uint64_t seed, int64_t step, Purpose purpose, int64_t place) {
  const uint64_t stream = mixed(mixed(seed) ^ static_cast<uint64_t>(purpose));
  return mixed(mixed(stream ^ static_cast<uint64_t>(step)) ^ static_cast<uint64_t>(place));
}

Tensor random_normal(uint64_t seed, int64_t step, Purpose purpose, const Shape& shape, int64_t place) {
  return PhiloxNoise(random_bits(seed, step, purpose, place)).draw(shape);
}

Tensor random_normal_rows(uint64_t seed, int64_t step, Purpose purpose, const std::vector<int64_t>& places,
                          const Shape& row) {
  std::vector<Tensor> rows;
  for (const int64_t place : places)
    rows.push_back(random_normal(seed, step, purpose, row, place).view({1, row.numel()}));
  std::vector<int64_t> extents{static_cast<int64_t>(places.size())};
  extents.insert(extents.end(), row.begin(), row.end());
  return concat(rows, 0).view(Shape(extents.data(), static_cast<int>(extents.size())));
}

int64_t random_below(uint64_t bits, int64_t limit) {
  return static_cast<int64_t>((static_cast<unsigned __int128>(bits) * static_cast<uint64_t>(limit)) >> 64);
}

double random_unit(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

}  // namespace easel
