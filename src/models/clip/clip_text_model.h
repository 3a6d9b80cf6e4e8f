// clip_text_model.h — the text encoders of Stable Diffusion: CLIP's transformer over tokens. Radford et al. 2021,
// arXiv:2103.00020, section 2.4. Member names equal the keys of Hugging Face's checkpoints.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "models/clip/clip_encoder.h"

namespace easel {

struct ClipTextConfig {
  ClipEncoderConfig encoder;
  int64_t vocab_size = 49408;
  int64_t max_position_embeddings = 77;
  int64_t projection_dim = 768;
  bool with_projection = false;  // CLIPTextModelWithProjection: the pooled vector is projected
  int32_t eos_token_id = 2;

  // Throws as UNetConfig::from_json does.
  static ClipTextConfig from_json(const nlohmann::json& config);
};

struct ClipTextOutput {
  // hidden_states[i]: [N, L, hidden_size] after i layers; 0 is the sum of token and position embeddings.
  std::vector<Tensor> hidden_states;
  Tensor last_hidden_state;  // after the last layer and the final norm
  Tensor pooled;             // [N, hidden_size]: last_hidden_state at the end-of-text token
  Tensor text_embeds;        // [N, projection_dim]: pooled, projected; undefined without a projection
};

class ClipTextModel {
 public:
  ClipTextModel(const ClipTextConfig& config, WeightSource& weights);

  // input_ids: [N, L] i32 on the host, L <= max_position_embeddings. Throws InvalidArgument for ids outside the
  // vocabulary.
  ClipTextOutput operator()(const Tensor& input_ids) const;
  // The final norm applied to hidden_states of an earlier layer: "clip skip".
  Tensor final_norm(const Tensor& hidden_state) const { return final_layer_norm_(hidden_state); }
  const ClipTextConfig& config() const { return config_; }

 private:
  // Position of the pooled token of each row, [N] i32.
  Tensor pooled_positions(const Tensor& input_ids) const;

  ClipTextConfig config_;
  Tensor token_embedding_;     // [vocab_size, hidden_size]
  Tensor position_embedding_;  // [max_position_embeddings, hidden_size]
  ClipEncoder encoder_;
  LayerNorm final_layer_norm_;
  Linear text_projection_;
};

}  // namespace easel
