// ldm_layout.h — which component lies under which prefix of a single-file checkpoint.
#pragma once

#include <optional>
#include <string>

#include "checkpoints/checkpoint.h"

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

// Whether any component lies in the map.
bool has_ldm_component(const WeightMap& weights);

// The weights without the level that a trainer has put above them ("state_dict.", …); as they are where the names are
// LDM's already or nobody's.
WeightMap without_wrapper(const WeightMap& weights);

// The prefix that a component of a naming has in SD 1 and 2, or in SDXL where only that has it.
std::string ldm_prefix(const std::string& component, LdmFamily family);

}  // namespace easel
