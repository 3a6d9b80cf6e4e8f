#include "golden/case_runners.h"
#include "golden/network_weights.h"
#include "models/clip/clip_text_model.h"
#include "models/unet/unet.h"
#include "models/vae/autoencoder_kl.h"

namespace easel::golden {
namespace {

// The configs as they are inferred from the file's shapes, with the few numbers that shapes do not tell taken from the
// case.
nlohmann::json inferred_config(const GoldenCase& golden_case, const Checkpoint& checkpoint,
                               const std::string& component) {
  nlohmann::json config = checkpoint.configs.at(component);
  const nlohmann::json& stated = golden_case.spec.at("config");
  if (component == "text_encoder")
    for (const char* key : {"num_attention_heads", "eos_token_id", "bos_token_id"})
      config[key] = stated.at("text_encoder").at(key);
  else
    config["norm_num_groups"] = stated.at("norm_num_groups");
  if (component == "unet") config["attention_head_dim"] = stated.at("unet").at("num_heads");
  return config;
}

void check_raw_tensors(const GoldenCase& golden_case, CaseReport& report) {
  const TensorFile file = read_pickle(golden_case.path(golden_case.spec.at("model")));
  for (const auto& [name, expected] : golden_case.expected.tensors) report.check(name, file.tensors.at(name));
}

void check_schedule_tail(const GoldenCase& golden_case, CaseReport& report) {
  const TensorFile file = read_pickle(golden_case.path(golden_case.spec.at("model")));
  for (const auto& [name, tensor] : file.tensors) {
    if (!name.ends_with("alphas_cumprod")) continue;
    const int64_t count = tensor.dim(0), tail = golden_case.expected.tensors.at("alphas_cumprod_tail").dim(0);
    report.check("alphas_cumprod_tail", tensor.rows(count - tail, count));
  }
}

}  // namespace

void run_ckpt_case(const GoldenCase& golden_case, CaseReport& report) {
  if (!golden_case.has_input("input_ids")) return check_raw_tensors(golden_case, report);
  const Checkpoint checkpoint = open_checkpoint(golden_case.path(golden_case.spec.at("model")));

  CheckpointWeights text_weights(checkpoint.weights("text_encoder"), "text_encoder");
  const ClipTextModel encoder(ClipTextConfig::from_json(inferred_config(golden_case, checkpoint, "text_encoder")),
                              text_weights);
  const Tensor context = encoder(golden_case.input_i32("input_ids")).last_hidden_state;
  report.check("context", context);

  if (golden_case.has_input("latents")) {
    CheckpointWeights vae_weights(checkpoint.weights("vae"), "vae");
    const AutoencoderKL vae(AutoencoderConfig::from_json(inferred_config(golden_case, checkpoint, "vae")), vae_weights);
    // The case divides by 0.18215 what it multiplied by 0.18: see its note.
    const Tensor latents = weighted_sum({{0.18, nchw_to_nhwc(golden_case.input_f32("latents"))}});
    report.check("decoded", nhwc_to_nchw(vae.decode(latents)));
    check_schedule_tail(golden_case, report);
  }
  if (golden_case.has_input("sample")) {
    CheckpointWeights unet_weights(checkpoint.weights("unet"), "unet");
    const UNet2DConditionModel unet(UNetConfig::from_json(inferred_config(golden_case, checkpoint, "unet")),
                                    unet_weights);
    const Tensor predicted = unet({.sample = nchw_to_nhwc(golden_case.input_f32("sample")),
                                   .timesteps = golden_case.input("timestep").to_vector(),
                                   .encoder_hidden_states = context,
                                   .class_labels = {},
                                   .text_embeds = {},
                                   .time_ids = {}});
    report.check("unet_out", nhwc_to_nchw(predicted));
  }
}

}  // namespace easel::golden
