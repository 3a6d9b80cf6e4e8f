#include "diffusion/noise_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>

#include "easel/error.h"
#include "ops/ops.h"
#include "tensor/cancellation_scope.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

constexpr double kTwoPi = 2.0 * std::numbers::pi;
constexpr int64_t kBlocksPerTask = 1024;  // Box-Muller blocks of 16, about a millisecond's work

// Philox4x32-10's constants, from the paper's section 4.3.
constexpr uint32_t kPhiloxMultipliers[2] = {0xD2511F53, 0xCD9E8D57};
constexpr uint32_t kPhiloxWeyl[2] = {0x9E3779B9, 0xBB67AE85};
constexpr int kPhiloxRounds = 10;

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < kPhiloxRounds; ++round) {
    const uint64_t product0 = static_cast<uint64_t>(kPhiloxMultipliers[0]) * counter[0];
    const uint64_t product1 = static_cast<uint64_t>(kPhiloxMultipliers[1]) * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(product0)};
    key[0] += kPhiloxWeyl[0];
    key[1] += kPhiloxWeyl[1];
  }
  return counter;
}

// values[i] = value(i), in order.
template <typename Value>
void fill(std::span<float> values, const Value& value) {
  constexpr size_t kAskEvery = 1 << 16;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i % kAskEvery == 0) throw_if_cancelled();
    values[i] = value(i);
  }
}

}  // namespace

NoiseSource::~NoiseSource() = default;

float TorchNoise::uniform() { return static_cast<float>(engine_() & 0xFFFFFF) / 16777216.0f; }  // 2^24

int64_t TorchNoise::integer_below(int64_t high) { return static_cast<int64_t>(engine_()) % high; }

// The first word is the high half.
double TorchNoise::uniform53() {
  const uint64_t high = engine_();
  const uint64_t bits = (high << 32 | engine_()) & ((1ULL << 53) - 1);
  return static_cast<double>(bits) / 9007199254740992.0;  // 2^53
}

double TorchNoise::scalar_normal() {
  if (cached_normal_) {
    const double normal = *cached_normal_;
    cached_normal_.reset();
    return normal;
  }
  const double angle = kTwoPi * uniform53();
  const double radius = std::sqrt(-2.0 * std::log1p(-uniform53()));
  cached_normal_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

void TorchNoise::fill_block(std::span<float, 16> block) {
  for (size_t j = 0; j < 8; ++j) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - static_cast<double>(block[j])));
    const double angle = kTwoPi * static_cast<double>(block[j + 8]);
    block[j] = static_cast<float>(radius * std::cos(angle));
    block[j + 8] = static_cast<float>(radius * std::sin(angle));
  }
}

Tensor TorchNoise::draw(const Shape& shape) {
  Tensor noise = Tensor::empty(shape);
  const std::span<float> values = noise.span();
  if (values.size() < 16) {
    fill(values, [&](size_t) { return static_cast<float>(scalar_normal()); });
    return noise;
  }
  fill(values, [&](size_t) { return uniform(); });
  const auto blocks = static_cast<int64_t>(values.size() / 16);
  parallel_for((blocks + kBlocksPerTask - 1) / kBlocksPerTask, [&](int64_t task, int) {
    const int64_t end = std::min(blocks, (task + 1) * kBlocksPerTask);
    for (int64_t block = task * kBlocksPerTask; block < end; ++block)
      fill_block(values.subspan(16 * static_cast<size_t>(block)).first<16>());
  });
  if (values.size() % 16 != 0) {
    const auto tail = values.last<16>();
    fill(tail, [&](size_t) { return uniform(); });
    fill_block(tail);
  }
  return noise;
}

Tensor PhiloxNoise::draw(const Shape& shape) {
  Tensor noise = Tensor::empty(shape);
  const std::array<uint32_t, 2> key = {static_cast<uint32_t>(seed_), static_cast<uint32_t>(seed_ >> 32)};
  constexpr double kScale = 1.0 / 4294967296.0;  // 2^-32; the half step keeps u above 0
  fill(noise.span(), [&](size_t index) {
    const auto words = philox({draws_, 0, static_cast<uint32_t>(index), 0}, key);
    const double u = words[0] * kScale + kScale / 2;
    const double angle = words[1] * (kScale * kTwoPi) + kScale * kTwoPi / 2;
    return static_cast<float>(std::sqrt(-2.0 * std::log(u)) * std::sin(angle));
  });
  ++draws_;
  return noise;
}

Tensor ReplayNoise::draw(const Shape& shape) {
  if (next_ == draws_.size())
    throw Error(ErrorCode::InvalidArgument,
                "[noise] draw " + std::to_string(next_) + "; only " + std::to_string(draws_.size()) + " were given");
  const Tensor& noise = draws_[next_++];
  if (noise.shape() != shape)
    throw Error(ErrorCode::InvalidArgument,
                "[noise] given draw of shape " + noise.shape().to_string() + "; need " + shape.to_string());
  return noise;
}

Tensor PerImageNoise::draw(const Shape& shape) {
  if (shape.rank() == 0 || shape[0] != static_cast<int64_t>(sources_.size()))
    throw Error(ErrorCode::InvalidArgument,
                "[noise] shape " + shape.to_string() + "; must be a batch of " + std::to_string(sources_.size()));
  std::vector<Tensor> images;
  for (const auto& source : sources_) images.push_back(source->draw(shape.with(0, 1)));
  return concat(images, 0);
}

Tensor ChannelsLastNoise::draw(const Shape& shape) {
  if (shape.rank() != 4) return source_->draw(shape);
  return nchw_to_nhwc(source_->draw({shape[0], shape[3], shape[1], shape[2]}));
}

NoiseKind parse_noise_kind(std::string_view name) {
  if (name == "torch" || name == "cpu") return NoiseKind::torch;
  if (name == "philox" || name == "cuda" || name == "nv") return NoiseKind::philox;
  throw Error(ErrorCode::InvalidArgument,
              "[noise] generator = " + std::string(name) + "; must be torch (cpu) or philox (cuda, nv)");
}

std::unique_ptr<NoiseSource> make_noise_source(NoiseKind kind, uint64_t seed) {
  if (kind == NoiseKind::philox) return std::make_unique<PhiloxNoise>(seed);
  return std::make_unique<TorchNoise>(seed);
}

std::unique_ptr<NoiseSource> make_latent_noise(NoiseKind kind, std::span<const uint64_t> seeds) {
  if (seeds.size() == 1) return std::make_unique<ChannelsLastNoise>(make_noise_source(kind, seeds[0]));
  std::vector<std::unique_ptr<NoiseSource>> sources;
  for (uint64_t seed : seeds) sources.push_back(make_noise_source(kind, seed));
  return std::make_unique<ChannelsLastNoise>(std::make_unique<PerImageNoise>(std::move(sources)));
}

}  // namespace easel
