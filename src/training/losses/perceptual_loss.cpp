#include "training/losses/perceptual_loss.h"

#include <nlohmann/json.hpp>
#include <set>

#include "checkpoints/model_folder.h"
#include "checkpoints/tensor_file.h"
#include "datasets/pixel_normalization.h"
#include "files/json_reader.h"
#include "models/clip/clip_model.h"
#include "training/losses/losses.h"

namespace easel {
namespace {

constexpr int64_t kLayers = 4;

Tensor on_torch(const Tensor& x) { return to_backend(x, BackendKind::torch); }

// The numbers, from 1 on, of up to kLayers of the layers.
std::set<int64_t> chosen_layers(int64_t depth) {
  std::set<int64_t> chosen;
  for (int64_t i = 1; i <= kLayers; ++i) chosen.insert((depth * i + kLayers - 1) / kLayers);
  return chosen;
}

}  // namespace

PerceptualLoss PerceptualLoss::load(const std::filesystem::path& folder) {
  ClipVisionConfig config = ClipConfig::from_json(read_json(folder / "config.json")).vision;
  config.with_projection = false;
  std::map<std::string, Tensor> tensors = read_safetensors(folder / kTransformersWeights).tensors;
  for (auto& [name, tensor] : tensors) tensor = tensor.to_f32();  // once, not in every step
  CheckpointWeights weights(tensors, "perceptual_model", BackendKind::torch);
  PerceptualLoss loss{ClipVisionModel(config, weights)};

  const PixelNormalization normalization = read_pixel_normalization(folder);
  const auto& [scale, shift] = normalization;
  loss.scale_ = on_torch(Tensor::from({3, 3}, std::vector<float>{scale[0], 0, 0, 0, scale[1], 0, 0, 0, scale[2]}));
  loss.shift_ = on_torch(Tensor::from({3}, std::vector<float>(shift.begin(), shift.end())));
  return loss;
}

std::vector<Tensor> PerceptualLoss::features(const Tensor& pictures) const {
  return tower_.hidden_states(linear(pictures, scale_, shift_));
}

Tensor PerceptualLoss::operator()(const Tensor& pictures, const Tensor& reconstructions) const {
  const std::vector<Tensor> expected = features(pictures), got = features(reconstructions);
  const std::set<int64_t> layers = chosen_layers(tower_.config().encoder.num_hidden_layers);
  // The sum over channels is their mean times their number.
  const double factor = static_cast<double>(tower_.config().encoder.hidden_size) / static_cast<double>(layers.size());
  std::vector<std::pair<double, Tensor>> terms;
  for (const int64_t layer : layers) {
    const auto i = static_cast<size_t>(layer);
    terms.emplace_back(factor, squared_error(l2_normalize(got[i]), l2_normalize(expected[i])));
  }
  return weighted_sum(terms);
}

}  // namespace easel
