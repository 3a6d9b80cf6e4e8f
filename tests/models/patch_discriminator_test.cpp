#include "models/vae/patch_discriminator.h"

#include <gtest/gtest.h>

#include "tensor_matchers.h"
#include "tolerances.h"

namespace easel {
namespace {

TEST(PatchDiscriminator, GivesALogitPerPatch) {
  RandomWeights weights(3, DType::f32), values(5, DType::f32);
  const PatchDiscriminator discriminator(weights);
  EXPECT_EQ(discriminator(values.get("square", {2, 128, 128, 3})).shape(), (Shape{2, 15, 15, 1}));
  EXPECT_EQ(discriminator(values.get("odd", {1, 29, 47, 3})).shape(), (Shape{1, 2, 4, 1}));
  const int64_t side = PatchDiscriminator::kSmallestSide;
  EXPECT_EQ(discriminator(values.get("smallest", {1, side, side, 3})).shape(), (Shape{1, 1, 1, 1}));
}

// Batch norm would break this.
TEST(PatchDiscriminator, JudgesEachPictureAlone) {
  RandomWeights weights(3, DType::f32), values(5, DType::f32);
  const PatchDiscriminator discriminator(weights);
  const Tensor pictures = values.get("pictures", {3, 32, 16, 3}), together = discriminator(pictures);
  for (int64_t n = 0; n < 3; ++n)
    EXPECT_TRUE(tensors_near(discriminator(pictures.rows(n, n + 1)), together.rows(n, n + 1),
                             tolerance::kOtherSummationOrder, tolerance::kOtherSummationOrder));
}

}  // namespace
}  // namespace easel
