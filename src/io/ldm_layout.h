// ldm_layout.h — which component lies under which prefix of a single-file checkpoint.
#pragma once

#include <optional>
#include <string>

#include "io/checkpoint.h"

namespace easel {

// The naming inside a component.
enum class LdmFamily { unet, vae, hugging_face_clip, open_clip };

struct LdmPart {
  std::string prefix;  // "" where the whole map is one component
  LdmFamily family = LdmFamily::unet;
};

// Where `component` lies in a map with LDM names; nothing where it does not. A map without any known prefix is one
// component, recognised by its names.
std::optional<LdmPart> find_ldm_part(const WeightMap& ldm, const std::string& component);

// The prefix that a component of a naming has in SD 1 and 2, or in SDXL where only that has it.
std::string ldm_prefix(const std::string& component, LdmFamily family);

// The tensor of a name; undefined where there is none.
Tensor find_tensor(const WeightMap& weights, const std::string& name);

}  // namespace easel
