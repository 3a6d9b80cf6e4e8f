// noise_source.h — seeded standard normal noise, the same on every backend and number of threads.
//
// The field draws noise for latents as [N, C, H, W] in row-major order; Easel's latents are [N, H, W, C]. A NoiseSource
// draws in the order of the shape it is given; ChannelsLastNoise asks for the NCHW shape and permutes, so that the same
// seed gives the same picture as the reference. Sources are not thread safe: one per running generation.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

class NoiseSource {
 public:
  virtual ~NoiseSource();
  // A tensor of independent standard normal values; each call continues the stream.
  virtual Tensor draw(const Shape& shape) = 0;
};

// torch's CPU generator: mt19937 seeded with the low 32 bits of the seed (torch.manual_seed + torch.randn).
// From 16 values on, 24-bit uniforms fill the output and Box-Muller pairs the first and second half of every block of
// 16; where 16 does not divide the size, the last 16 are drawn again. Below 16, 53-bit uniforms in f64, with the second
// normal of a pair kept for later. Arithmetic is f64 here, within 4e-6 of torch's f32.
class TorchNoise : public NoiseSource {
 public:
  explicit TorchNoise(uint64_t seed) : engine_(static_cast<uint32_t>(seed)) {}
  Tensor draw(const Shape& shape) override;

  float uniform();                      // torch.rand: [0, 1) on 24 bits
  int64_t integer_below(int64_t high);  // torch.randint(0, high), REQUIRES: 0 < high <= 2^32

 private:
  void fill_block(std::span<float, 16> block);
  double scalar_normal();
  double uniform53();

  std::mt19937 engine_;
  std::optional<double> cached_normal_;
};

// CUDA's generator as the webui imitates it: Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405) keyed by
// the seed, counter (draw number, 0, element index, 0), Box-Muller on the first two words.
class PhiloxNoise : public NoiseSource {
 public:
  explicit PhiloxNoise(uint64_t seed) : seed_(seed) {}
  Tensor draw(const Shape& shape) override;

 private:
  uint64_t seed_;
  uint32_t draws_ = 0;
};

// Hands out given tensors in order. Throws InvalidArgument when they run out or differ in shape.
class ReplayNoise : public NoiseSource {
 public:
  explicit ReplayNoise(std::vector<Tensor> draws) : draws_(std::move(draws)) {}
  Tensor draw(const Shape& shape) override;
  size_t remaining() const { return draws_.size() - next_; }

 private:
  std::vector<Tensor> draws_;
  size_t next_ = 0;
};

// A batch whose image i has its own source (A1111: seed + i), so that a picture does not depend on its batch.
class PerImageNoise : public NoiseSource {
 public:
  explicit PerImageNoise(std::vector<std::unique_ptr<NoiseSource>> sources) : sources_(std::move(sources)) {}
  // shape: [N, ...] with N = the number of sources; throws InvalidArgument otherwise.
  Tensor draw(const Shape& shape) override;

 private:
  std::vector<std::unique_ptr<NoiseSource>> sources_;
};

// Draws [N, H, W, C] as its source would draw [N, C, H, W]; other ranks pass through.
class ChannelsLastNoise : public NoiseSource {
 public:
  explicit ChannelsLastNoise(std::unique_ptr<NoiseSource> source) : source_(std::move(source)) {}
  Tensor draw(const Shape& shape) override;

 private:
  std::unique_ptr<NoiseSource> source_;
};

enum class NoiseKind { torch, philox };
// "torch" (also "cpu") or "philox" (also "cuda", "nv"); throws InvalidArgument otherwise.
NoiseKind parse_noise_kind(std::string_view name);
std::unique_ptr<NoiseSource> make_noise_source(NoiseKind kind, uint64_t seed);
// The source for NHWC latents: image i from its own stream of seeds[i]; one seed means one stream for the whole batch,
// as diffusers does with a single generator.
std::unique_ptr<NoiseSource> make_latent_noise(NoiseKind kind, std::span<const uint64_t> seeds);

}  // namespace easel
