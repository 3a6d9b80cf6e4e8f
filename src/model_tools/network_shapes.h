// network_shapes.h — configs of well-known networks, for models of random weights.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace easel {

struct NetworkShape {
  std::string name;
  std::vector<nlohmann::json> text_encoders;  // one, or SDXL's two
  nlohmann::json unet;
  nlohmann::json vae;
};

std::vector<std::string> network_shapes();

// Throws InvalidArgument for an unknown name, with the list.
NetworkShape network_shape(const std::string& name);

}  // namespace easel
