// trainable_weights.h — a network's weights while it is trained.
#pragma once

#include <map>
#include <string>

#include "models/layers/weight_source.h"

namespace easel {

using NamedTensors = std::map<std::string, Tensor>;

// Gives leaves of the torch backend (ops/autograd.h) and remembers them by name.
class TrainableWeights final : public WeightSource {
 public:
  // start: weights to go on from, as a checkpoint gives them; where it is null, weights are initialised:
  // - matrices and filters uniform with variance 1 / fan_in, which keeps a signal's size from layer to layer (LeCun et
  //   al. 1998, "Efficient BackProp", section 4.6; torch's default of a third of it leaves a new autoencoder without
  //   colours for thousands of steps); biases 0, norms 1;
  // - embedding tables normal with deviation 0.02, and logit_scale ln(1 / 0.07), as CLIP does;
  // - the last convolution of every residual branch of a denoising network 0, as latent diffusion's zero_module
  //   (zero_residuals).
  // Each weight depends on the seed and its name only.
  struct Options {
    std::string component;  // for messages, and the prefix of the leaves' names ("unet")
    const NamedTensors* start = nullptr;
    uint64_t seed = 0;
    bool zero_residuals = false;
  };
  explicit TrainableWeights(Options options) : options_(std::move(options)) {}

  Tensor get(const std::string& name, const Shape& shape) override;
  bool has(const std::string& name) const override;

  // By "component.name".
  const NamedTensors& leaves() const { return leaves_; }

 private:
  Tensor initial(const std::string& name, const Shape& shape) const;

  Options options_;
  NamedTensors leaves_;
};

// The tensors of one component from a map by "component.name", under their own names.
NamedTensors component_of(const NamedTensors& tensors, const std::string& component);

}  // namespace easel
