#include "text/token_weights.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

const std::vector<float> kValues = {1, 2, 3, 4, 5, 6, 7, 8};  // [2, 2, 2]
const std::vector<float> kWeights = {1, 3, 1, 1};

TEST(TokenWeights, NoNormOnlyMultiplies) {
  const Tensor weighted = apply_token_weights(Tensor::from({2, 2, 2}, kValues), kWeights, Emphasis::no_norm);
  EXPECT_EQ(weighted.to_vector(), (std::vector<float>{1, 2, 9, 12, 5, 6, 7, 8}));
}

TEST(TokenWeights, OriginalRestoresTheMeanOfEachRow) {
  const Tensor weighted = apply_token_weights(Tensor::from({2, 2, 2}, kValues), kWeights, Emphasis::original);
  const float factor = 10.0f / 24.0f;  // sum of the first row before and after
  const std::vector<float> expected = {factor, 2 * factor, 9 * factor, 12 * factor, 5, 6, 7, 8};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_FLOAT_EQ(weighted.to_vector()[i], expected[i]) << i;
}

TEST(TokenWeights, UnitWeightsReturnTheTensorItself) {
  const Tensor embeddings = Tensor::from({2, 2, 2}, kValues);
  const Tensor weighted = apply_token_weights(embeddings, std::vector<float>(4, 1.0f), Emphasis::original);
  EXPECT_EQ(weighted.f32(), embeddings.f32());
}

TEST(TokenWeights, ZeroWeightsGiveZerosAndNoNan) {
  const Tensor weighted =
      apply_token_weights(Tensor::from({2, 2, 2}, kValues), std::vector<float>(4, 0.0f), Emphasis::original);
  EXPECT_EQ(weighted.to_vector(), std::vector<float>(8, 0.0f));
}

TEST(TokenWeights, TheOperandIsLeftAlone) {
  const Tensor embeddings = Tensor::from({2, 2, 2}, kValues);
  apply_token_weights(embeddings, kWeights, Emphasis::no_norm);
  EXPECT_EQ(embeddings.to_vector(), kValues);
}

TEST(TokenWeights, SizesThatDoNotFitAreRefused) {
  const Tensor embeddings = Tensor::from({2, 2, 2}, kValues);
  EXPECT_THROW(apply_token_weights(embeddings, std::vector<float>(3, 1.0f), Emphasis::original), Error);
  EXPECT_THROW(apply_token_weights(embeddings.view({4, 2}), kWeights, Emphasis::original), Error);
  EXPECT_THROW(apply_token_weights(Tensor(), {}, Emphasis::original), Error);
}

}  // namespace
}  // namespace easel
