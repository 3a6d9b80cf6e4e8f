// ldm_config.h — the configs that a single-file checkpoint does not carry, inferred from the shapes of its weights.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "checkpoints/tensor_file.h"

namespace easel {

// Per component of a file with LDM names, a config as diffusers would write it: unet, vae, text_encoder(_2),
// tokenizer(_2), scheduler. What shapes do not tell has the published models' values: 32 groups, or what divides the
// channels; 8 heads where the projections around attention are convolutions (SD 1) and in the x4 upscaler, else heads
// of 64 channels.
// prediction_type overrides what is inferred. Throws CorruptFile where tensors are missing or have the wrong rank,
// Unsupported where the file holds no component at all.
std::map<std::string, nlohmann::json> infer_ldm_configs(const TensorFile& file,
                                                        const std::optional<std::string>& prediction_type);

// Groups of the group norms of a network with these channels.
int64_t infer_norm_groups(const std::vector<int64_t>& channels);

// The config of the U-Net below a prefix of a map with LDM names.
nlohmann::json infer_unet_config(const std::map<std::string, Tensor>& weights, const std::string& prefix);

// Reads shapes of tensors by name. Throws CorruptFile for what is missing or has too few dimensions.
class ShapeReader {
 public:
  ShapeReader(const std::map<std::string, Tensor>& weights, std::string prefix)
      : weights_(weights), prefix_(std::move(prefix)) {}

  bool has(const std::string& name) const { return weights_.contains(prefix_ + name); }
  int64_t extent(const std::string& name, int axis) const;
  int rank(const std::string& name) const;
  // The number of i = 0, 1, … in a row for which the tensor before + i + after exists.
  int64_t count(const std::string& before, const std::string& after) const;

 private:
  const Tensor& find(const std::string& name) const;

  const std::map<std::string, Tensor>& weights_;
  std::string prefix_;
};

}  // namespace easel
