// network_weights.h — the weights of a golden case's network, in whatever layout the case stores them.
#pragma once

#include "checkpoints/checkpoint.h"
#include "golden/golden_case.h"

namespace easel::golden {

// Reads `file` (relative to the case) and gives one component's weights under diffusers' names.
// config: diffusers' config of the component.
WeightMap component_weights(const GoldenCase& golden_case, const std::string& file, const std::string& component,
                            const nlohmann::json& config);

// The case's config in diffusers' terms, also where the case states LDM parameters.
nlohmann::json diffusers_config(const GoldenCase& golden_case);

}  // namespace easel::golden
