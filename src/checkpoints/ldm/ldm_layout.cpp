#include "checkpoints/ldm/ldm_layout.h"

#include <algorithm>
#include <string_view>

namespace easel {
namespace {

struct Prefix {
  const char* component;
  const char* prefix;
  LdmFamily family;
};

// SD 1 and 2: cond_stage_model; SDXL: conditioner, whose refiner has OpenCLIP alone, diffusers' text_encoder_2.
constexpr Prefix kPrefixes[] = {
    {"unet", "model.diffusion_model.", LdmFamily::unet},
    {"vae", "first_stage_model.", LdmFamily::vae},
    {"text_encoder", "cond_stage_model.transformer.", LdmFamily::hugging_face_clip},
    {"text_encoder", "cond_stage_model.model.", LdmFamily::open_clip},
    {"text_encoder", "conditioner.embedders.0.transformer.", LdmFamily::hugging_face_clip},
    {"text_encoder_2", "conditioner.embedders.1.model.", LdmFamily::open_clip},
    {"text_encoder_2", "conditioner.embedders.0.model.", LdmFamily::open_clip},
};

// Tensors that tell which component a map without prefixes is.
constexpr Prefix kBareNames[] = {
    {"unet", "input_blocks.0.0.weight", LdmFamily::unet},
    {"vae", "decoder.mid.block_1.norm1.weight", LdmFamily::vae},
    {"text_encoder", "text_model.final_layer_norm.weight", LdmFamily::hugging_face_clip},
    {"text_encoder", "transformer.resblocks.0.ln_1.weight", LdmFamily::open_clip},
    {"text_encoder_2", "transformer.resblocks.0.ln_1.weight", LdmFamily::open_clip},
};

// Trainers put a model's weights one level down.
constexpr std::string_view kWrappers[] = {"state_dict.", "model.", "module.", "params_ema.", "params."};

bool has_prefix(const WeightMap& weights, const std::string& prefix) {
  const auto first = weights.lower_bound(prefix);
  return first != weights.end() && first->first.starts_with(prefix);
}

}  // namespace

std::optional<LdmPart> find_ldm_part(const WeightMap& ldm, const std::string& component) {
  bool has_any_prefix = false;
  for (const Prefix& row : kPrefixes) {
    if (!has_prefix(ldm, row.prefix)) continue;
    if (component == row.component) return LdmPart{row.prefix, row.family};
    has_any_prefix = true;
  }
  if (has_any_prefix) return std::nullopt;
  for (const Prefix& row : kBareNames)
    if (component == row.component && ldm.contains(row.prefix)) return LdmPart{"", row.family};
  return std::nullopt;
}

std::string ldm_prefix(const std::string& component, LdmFamily family) {
  for (const Prefix& row : kPrefixes)
    if (component == row.component && family == row.family) return row.prefix;
  return "";
}

bool has_ldm_component(const WeightMap& weights) {
  return std::ranges::any_of(std::initializer_list<const char*>{"unet", "vae", "text_encoder", "text_encoder_2"},
                             [&](const char* component) { return find_ldm_part(weights, component).has_value(); });
}

WeightMap without_wrapper(const WeightMap& weights) {
  if (has_ldm_component(weights)) return weights;
  for (const std::string_view wrapper : kWrappers) {
    WeightMap inner;
    for (const auto& [name, tensor] : weights)
      if (name.starts_with(wrapper)) inner.emplace(name.substr(wrapper.size()), tensor);
    if (has_ldm_component(inner)) return inner;
  }
  return weights;
}

}  // namespace easel
