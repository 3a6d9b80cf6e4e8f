// tolerances.h — every tolerance of the tests that compare floating-point results, each with its reason.
// Golden cases are not here: they carry their own.
#pragma once

namespace easel::tolerance {

// One rounding of an f64 result to f32, and of intermediate f32 operands.
inline constexpr double kRounding = 3e-7;

// Two f32 implementations that add the same terms in different orders, results of order 1.
inline constexpr double kOtherSummationOrder = 5e-6;
// A central difference in f32 with step 1e-2 against a derivative, relative to the product of the norms of gradient and
// direction: its own rounding and third-order errors are about 1e-4 of it.
inline constexpr double kCentralDifference = 1e-3;

}  // namespace easel::tolerance
