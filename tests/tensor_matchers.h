// tensor_matchers.h — comparisons of tensors that say what differs.
#pragma once

#include <gtest/gtest.h>

#include "tensor/tensor.h"

namespace easel {

// Succeeds where the shapes agree and |got - expected| <= atol + rtol * |expected| holds for every element (non-finite
// ones must be equal). A failure prints how many elements miss, the largest absolute and relative error, and the first
// differing index with both values. Tensors of any dtype, readable by the host.
testing::AssertionResult tensors_near(const Tensor& got, const Tensor& expected, double rtol, double atol);

// Succeeds where shapes, dtypes and every bit agree.
testing::AssertionResult tensors_identical(const Tensor& got, const Tensor& expected);

}  // namespace easel
