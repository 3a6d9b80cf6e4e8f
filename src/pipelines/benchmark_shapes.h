// benchmark_shapes.h — configs of well-known networks, for benchmarks with random weights.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace easel {

struct BenchmarkShape {
  std::string name;
  std::vector<nlohmann::json> text_encoders;  // one, or SDXL's two
  nlohmann::json unet;
  nlohmann::json vae;
};

// Throws InvalidArgument for an unknown name, with the list.
BenchmarkShape benchmark_shape(const std::string& name);

}  // namespace easel
