#include "golden/network_weights.h"

namespace easel::golden {

WeightMap component_weights(const GoldenCase& golden_case, const std::string& file, const std::string& component,
                            const nlohmann::json& config) {
  const TensorFile tensors = read_safetensors(golden_case.path(file));
  (void)component;(void)config; return tensors.tensors;
}

nlohmann::json diffusers_config(const GoldenCase& golden_case) {
  const nlohmann::json& config = golden_case.spec.at("config");
  return config.contains("diffusers_equivalent") ? config.at("diffusers_equivalent") : config;
}

}  // namespace easel::golden
