#include "golden/network_weights.h"

namespace easel::golden {

WeightMap component_weights(const GoldenCase& golden_case, const std::string& file, const std::string& component,
                            const nlohmann::json& config) {
  const WeightMap weights = read_tensor_file(golden_case.path(file)).tensors;
  return golden_case.spec.at("layout") == "ldm" ? ldm_to_diffusers(weights, component, config)
                                                : with_current_names(weights);
}

nlohmann::json diffusers_config(const GoldenCase& golden_case) {
  const nlohmann::json& config = golden_case.spec.at("config");
  return config.contains("diffusers_equivalent") ? config.at("diffusers_equivalent") : config;
}

}  // namespace easel::golden
