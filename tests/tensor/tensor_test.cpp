#include "tensor/tensor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>

#include "easel/error.h"
#include "tensor/arena.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

TEST(Shape, PrintsAndMultipliesExtents) {
  EXPECT_EQ((Shape{2, 3, 4}).numel(), 24);
  EXPECT_EQ(Shape{}.numel(), 1);
  EXPECT_EQ((Shape{2, 3}).to_string(), "[2, 3]");
  EXPECT_EQ((Shape{2, 3})[-1], 3);
}

TEST(HalfPrecision, EveryFiniteValueSurvivesTheRoundTrip) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = f16_to_f32(static_cast<uint16_t>(bits));
    if (std::isnan(value)) continue;
    EXPECT_EQ(f32_to_f16(value), bits);
  }
}

TEST(HalfPrecision, RoundsToNearestEvenAndOverflowsToInfinity) {
  EXPECT_EQ(f32_to_f16(1.0f + 0x1p-11f), f32_to_f16(1.0f));
  EXPECT_EQ(f32_to_f16(1.0f + 3 * 0x1p-11f), 0x3c02);
  EXPECT_EQ(f32_to_f16(65519.0f), 0x7bff);
  EXPECT_EQ(f32_to_f16(65520.0f), 0x7c00);
  EXPECT_TRUE(std::isnan(f16_to_f32(f32_to_f16(std::numeric_limits<float>::quiet_NaN()))));
}

TEST(Bfloat16, RoundTripsItsOwnValues) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = bf16_to_f32(static_cast<uint16_t>(bits));
    if (std::isnan(value)) continue;
    EXPECT_EQ(f32_to_bf16(value), bits);
  }
}

TEST(EightBitFloats, LandmarksHaveTheirPublishedValues) {
  EXPECT_EQ(f8_e4m3_to_f32(0x38), 1.0f);
  EXPECT_EQ(f8_e4m3_to_f32(0x7e), 448.0f);  // the largest
  EXPECT_EQ(f8_e4m3_to_f32(0x01), 0x1p-9f);
  EXPECT_EQ(f8_e4m3_to_f32(0xb8), -1.0f);
  EXPECT_TRUE(std::isnan(f8_e4m3_to_f32(0x7f)));
  EXPECT_EQ(f8_e5m2_to_f32(0x3c), 1.0f);
  EXPECT_EQ(f8_e5m2_to_f32(0x7b), 57344.0f);
}

TEST(Tensor, LayoutConversionsInvertEachOther) {
  std::vector<float> values(2 * 3 * 4 * 5);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  const Tensor nchw = Tensor::from({2, 3, 4, 5}, values);
  const Tensor nhwc = nchw_to_nhwc(nchw);
  EXPECT_EQ(nhwc.shape(), (Shape{2, 4, 5, 3}));
  EXPECT_EQ(nhwc.f32()[1], 20.0f);  // channel 1 of the first pixel
  EXPECT_EQ(nhwc_to_nchw(nhwc).to_vector(), values);
}

TEST(Tensor, WrongNumberOfValuesIsRefused) { EXPECT_THROW(Tensor::from({2, 2}, std::vector<float>{1, 2, 3}), Error); }

TEST(Device, NamesAreReadAndWritten) {
  const Device first_gpu{.kind = DeviceKind::torch_cuda}, other_gpu{.kind = DeviceKind::torch_cuda, .index = 12};
  EXPECT_EQ(parse_device("cpu"), Device());
  EXPECT_EQ(parse_device("torch:cpu"), Device{.kind = DeviceKind::torch_cpu});
  for (const char* name : {"cuda", "cuda:0", "torch:cuda", "torch:cuda:0"}) EXPECT_EQ(parse_device(name), first_gpu);
  for (const char* name : {"cuda:12", "torch:cuda:12"}) EXPECT_EQ(parse_device(name), other_gpu);
  for (const char* name : {"cpu", "torch:cpu", "cuda:12"}) EXPECT_EQ(device_name(parse_device(name)), name);
  for (const char* name : {"tpu", "", "torch", "torch:", "cuda:", "cuda:-1", "cuda:1x", "cudas", "cuda:99999999999"})
    EXPECT_THROW(parse_device(name), Error) << name;
}

TEST(Device, ATensorLiesInTheHostsMemory) {
  EXPECT_EQ(Tensor::zeros({2}).device(), Device());
  EXPECT_EQ(Tensor::zeros({2}).backend_kind(), BackendKind::cpu);
}

TEST(Arena, ReusesFreedMemoryAndMergesNeighbours) {
  const Tensor keep = Tensor::empty({1024});
  const size_t reserved = arena_statistics().reserved_bytes;
  for (int i = 0; i < 100; ++i) {
    std::vector<Tensor> tensors;
    for (int k = 1; k <= 8; ++k) tensors.push_back(Tensor::empty({k * 100'000}));
  }
  EXPECT_LE(arena_statistics().reserved_bytes, reserved + (size_t{64} << 20));
}

TEST(Arena, TrimReturnsEmptyChunks) {
  { const Tensor big = Tensor::empty({100'000'000}); }
  const size_t before = arena_statistics().reserved_bytes;
  arena_trim();
  EXPECT_LE(arena_statistics().reserved_bytes + 400'000'000, before);
}

TEST(Parallel, RunsEveryTaskOnce) {
  std::vector<std::atomic<int>> counts(1000);
  parallel_for(1000, [&](int64_t task, int) { ++counts[static_cast<size_t>(task)]; });
  for (const auto& count : counts) EXPECT_EQ(count, 1);
}

}  // namespace
}  // namespace easel
