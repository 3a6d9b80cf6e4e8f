// weight_source.h — where a model's weights come from while it is built.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "easel/export.h"
#include "tensor/tensor.h"

namespace easel {

// Gives tensors by their diffusers names. Not thread safe: models are built by one thread.
class WeightSource {
 public:
  virtual ~WeightSource();
  // The tensor of that name. Throws NotFound where it is missing, CorruptFile where its shape is another.
  virtual Tensor get(const std::string& name, const Shape& shape) = 0;
  virtual bool has(const std::string& name) const = 0;
};

// Weights of a checkpoint's component, moved to a backend (cpu: as they lie in the file, without a copy).
class CheckpointWeights final : public WeightSource {
 public:
  CheckpointWeights(const std::map<std::string, Tensor>& weights, std::string component,
                    BackendKind backend = BackendKind::cpu);
  Tensor get(const std::string& name, const Shape& shape) override;
  bool has(const std::string& name) const override;

 private:
  const std::map<std::string, Tensor>& weights_;
  std::string component_;  // for messages
  BackendKind backend_;
};

// Random weights of any shape, for benchmarks and tests: uniform with the variance 0.49 / fan_in, norm weights
// around 1. Each tensor depends on the seed and its name only.
class RandomWeights final : public WeightSource {
 public:
  explicit RandomWeights(uint64_t seed, DType dtype = DType::f16, BackendKind backend = BackendKind::cpu);
  Tensor get(const std::string& name, const Shape& shape) override;
  bool has(const std::string& name) const override;

 private:
  uint64_t seed_;
  DType dtype_;
  BackendKind backend_;
};

// A position in the tree of names: scope / "down_blocks" / 0 is "down_blocks.0.".
class WeightScope {
 public:
  explicit WeightScope(WeightSource& source, std::string prefix = "") : source_(&source), prefix_(std::move(prefix)) {}
  WeightScope operator/(const std::string& part) const { return WeightScope(*source_, prefix_ + part + "."); }
  WeightScope operator/(int64_t index) const { return *this / std::to_string(index); }
  Tensor get(const std::string& name, const Shape& shape) const { return source_->get(prefix_ + name, shape); }
  bool has(const std::string& name) const { return source_->has(prefix_ + name); }

 private:
  WeightSource* source_;
  std::string prefix_;
};

}  // namespace easel
