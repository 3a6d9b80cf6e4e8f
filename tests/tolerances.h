// tolerances.h — every tolerance of the tests that compare floating-point results, each with its reason. All are used
// as |got - expected| <= t + t |expected|. Golden cases are not here: they carry their own.
#pragma once

namespace easel::tolerance {

// One rounding of an f64 result to f32, and of intermediate f32 operands.
inline constexpr double kRounding = 3e-7;
// Sums of up to 11,520 products in f32, results of the order of one. Measured: 3e-7 rms for the direct sum, 1.6e-6 for
// Winograd's, largest of 16,000 elements 8e-6.
inline constexpr double kConvolution = 1e-5;
// The same sums of up to some thousand terms, relative to the largest gradient.
inline constexpr double kConvolutionGradient = 1e-5;
// Gradients of norms, attention and activations, relative to the largest: sums of up to some thousand f32 terms, of
// factors that are off by 1e-6 themselves (kNorm, kAttention, kActivation).
inline constexpr double kNetworkGradient = 1e-5;
// Scores of up to 30 in f32 are off by 1e-6, and the exponential carries that to the weights as a relative error.
inline constexpr double kAttention = 1e-5;
// Scores of up to 3,000: 1e-4 absolute in f32.
inline constexpr double kLargeScores = 1e-3;
// Inputs of 30 standard deviations' mean: their own rounding is 2e-6 of a deviation.
inline constexpr double kNorm = 1e-5;
// f32 sums over chunks of 256 pixels, joined in f64.
inline constexpr double kStatistics = 1e-6;
// Exponential within 2 ulp, one division, and for gelu the interpolation's 8e-8.
inline constexpr double kActivation = 5e-7;

// Two f32 implementations that add the same terms in different orders, results of order 1.
inline constexpr double kOtherSummationOrder = 5e-6;
// A sampler's whole run on two backends: the rounding of some tens of updates, on latents of order 1.
inline constexpr double kWholeSampling = 1e-5;
// A central difference in f32 with step 1e-2 against a derivative, relative to the product of the norms of gradient and
// direction: its own rounding and third-order errors are about 1e-4 of it.
inline constexpr double kCentralDifference = 1e-3;

// The VAE decoder in bands against the decoder at once: the same sums, but group statistics merged from the bands',
// through some twenty normalised layers.
inline constexpr double kBandedDecodeRelative = 1e-4;
inline constexpr double kBandedDecodeAbsolute = 2e-5;

}  // namespace easel::tolerance
