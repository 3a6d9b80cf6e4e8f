// perceptual_loss.h — how much two pictures differ to a network that knows what is in them. Zhang et al. 2018,
// arXiv:1801.03924, eq. 1 with all weights 1, in the hidden states of a CLIP image tower.
#pragma once

#include <filesystem>

#include "models/clip/clip_vision_model.h"

namespace easel {

class PerceptualLoss {
 public:
  // The image tower of a CLIP folder, as `easel train clip` writes it, on the torch backend. It is constant: gradients
  // go through it and leave it as it is. Throws NotFound, CorruptFile, Unsupported.
  static PerceptualLoss load(const std::filesystem::path& folder);

  // Mean over tokens and chosen layers of |h / |h| - h' / |h'||^2, 0..4, [1]. The layers are up to four, spread evenly
  // over the depth, the last among them. pictures, reconstructions: [N, image_size, image_size, 3] in [-1, 1].
  Tensor operator()(const Tensor& pictures, const Tensor& reconstructions) const;
  // Pixels of a side that it takes.
  int64_t image_size() const { return tower_.config().image_size; }

 private:
  explicit PerceptualLoss(ClipVisionModel tower) : tower_(std::move(tower)) {}
  std::vector<Tensor> features(const Tensor& pictures) const;

  ClipVisionModel tower_;
  Tensor scale_, shift_;  // [3, 3] diagonal, [3]: from -1..1 to the values that the tower was trained on
};

}  // namespace easel
