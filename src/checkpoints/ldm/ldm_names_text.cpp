#include <nlohmann/json.hpp>

#include "checkpoints/ldm/ldm_names.h"

namespace easel {

std::vector<LdmName> hugging_face_clip_names() {
  return {{"text_model", "text_model"}, {"text_projection", "text_projection"}};
}

std::vector<LdmName> old_hugging_face_clip_names() {
  return {{"embeddings", "text_model.embeddings"},
          {"encoder", "text_model.encoder"},
          {"final_layer_norm", "text_model.final_layer_norm"}};
}

// Layers beyond num_hidden_layers get no row: the files of SD 2 hold one more than the model uses. Nor does
// logit_scale, which only CLIP's training needs.
std::vector<LdmName> open_clip_names(const nlohmann::json& config) {
  std::vector<LdmName> names = {
      {"token_embedding", "text_model.embeddings.token_embedding"},
      {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
      {"ln_final", "text_model.final_layer_norm"},
  };
  const nlohmann::json classes = config.value("architectures", nlohmann::json::array());
  if (std::ranges::find(classes, "CLIPTextModelWithProjection") != classes.end())
    names.push_back({"text_projection", "text_projection.weight", LdmStorage::transposed});
  const size_t count = config.at("num_hidden_layers").get<size_t>();
  for (size_t i = 0; i < count; ++i) {
    const std::string ldm = "transformer.resblocks." + std::to_string(i) + ".";
    const std::string diffusers = "text_model.encoder.layers." + std::to_string(i) + ".";
    names.push_back({ldm + "ln_1", diffusers + "layer_norm1"});
    names.push_back({ldm + "ln_2", diffusers + "layer_norm2"});
    names.push_back({ldm + "mlp.c_fc", diffusers + "mlp.fc1"});
    names.push_back({ldm + "mlp.c_proj", diffusers + "mlp.fc2"});
    names.push_back({ldm + "attn.out_proj", diffusers + "self_attn.out_proj"});
    constexpr const char* kProjections[] = {"q_proj", "k_proj", "v_proj"};
    for (int part = 0; part < 3; ++part) {
      const std::string projection = diffusers + "self_attn." + kProjections[part];
      names.push_back({ldm + "attn.in_proj_weight", projection + ".weight", LdmStorage::stacked, part});
      names.push_back({ldm + "attn.in_proj_bias", projection + ".bias", LdmStorage::stacked, part});
    }
  }
  return names;
}

}  // namespace easel
