#include <set>

#include "diffusion/sampling_plan.h"
#include "golden/case_runners.h"
#include "golden/network_weights.h"
#include "golden/reference_version.h"
#include "models/clip/clip_text_model.h"
#include "models/vae/autoencoder_kl.h"
#include "pipelines/denoising_loop.h"

namespace easel::golden {
namespace {

UNet2DConditionModel load_unet(const GoldenCase& golden_case, const Checkpoint& tiny_model) {
  const nlohmann::json& params = golden_case.spec.at("params");
  if (!params.contains("unet")) {
    CheckpointWeights weights(tiny_model.weights("unet"), "unet");
    return UNet2DConditionModel(UNetConfig::from_json(tiny_model.configs.at("unet")), weights);
  }
  // "config in ../../unet/sdxl_diffusers/case.json": another case's network.
  const GoldenCase other = load_case(golden_case.path(params.at("unet")).parent_path());
  const nlohmann::json config = diffusers_config(other);
  const WeightMap tensors = component_weights(other, other.spec.at("model"), "unet", config);
  CheckpointWeights weights(tensors, "unet");
  return UNet2DConditionModel(UNetConfig::from_json(config), weights);
}

AutoencoderKL load_vae(const nlohmann::json& params, const Checkpoint& tiny_model) {
  nlohmann::json config = tiny_model.configs.at("vae");
  if (params.contains("vae_scaling_factor")) config["scaling_factor"] = params.at("vae_scaling_factor");
  CheckpointWeights weights(tiny_model.weights("vae"), "vae");
  return AutoencoderKL(AutoencoderConfig::from_json(config), weights);
}

PromptEmbeddings encoded_ids(const GoldenCase& golden_case, const Checkpoint& tiny_model, const char* name) {
  if (!golden_case.has_input(name)) return {};
  CheckpointWeights weights(tiny_model.weights("text_encoder"), "text_encoder");
  const ClipTextModel encoder(ClipTextConfig::from_json(tiny_model.configs.at("text_encoder")), weights);
  return {.encoder_hidden_states = encoder(golden_case.input_i32(name)).last_hidden_state, .text_embeds = {}};
}

Conditioning conditioning_of(const GoldenCase& golden_case, const Checkpoint& tiny_model) {
  const nlohmann::json& params = golden_case.spec.at("params");
  PromptEmbeddings prompt, negative;
  if (golden_case.has_input("prompt_embeds")) {
    prompt = {golden_case.input_f32("prompt_embeds"), golden_case.input_f32("pooled")};
    negative = {golden_case.input_f32("negative_prompt_embeds"), golden_case.input_f32("negative_pooled")};
  } else {
    prompt = encoded_ids(golden_case, tiny_model, "prompt_ids");
    negative = encoded_ids(golden_case, tiny_model, "negative_ids");
  }
  Conditioning conditioning{
      .branches = guided_branches(std::move(prompt), std::move(negative), params.at("guidance_scale")),
      .guidance_rescale = params.value("guidance_rescale", 0.0),
      .time_ids = {}};
  for (const char* key : {"original_size", "crops_coords_top_left", "target_size"})
    for (const auto& value : params.value(key, nlohmann::json::array())) conditioning.time_ids.push_back(value);
  return conditioning;
}

std::vector<Tensor> noise_draws(const GoldenCase& golden_case) {
  std::vector<Tensor> draws;
  while (golden_case.has_input("noise_" + std::to_string(draws.size())))
    draws.push_back(nchw_to_nhwc(golden_case.input_f32("noise_" + std::to_string(draws.size()))));
  return draws;
}

// Tensors [N, ...] as one [count, N, ...].
Tensor stacked(const std::vector<Tensor>& tensors) {
  const Tensor joined = concat(tensors, 0);
  std::vector<int64_t> extents{static_cast<int64_t>(tensors.size()), tensors.front().dim(0)};
  for (int i = 1; i < joined.rank(); ++i) extents.push_back(joined.dim(i));
  return joined.view(Shape(extents.data(), static_cast<int>(extents.size())));
}

}  // namespace

void run_pipeline_case(const GoldenCase& golden_case, CaseReport& report) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const std::string kind = params.at("pipeline");
  if (kind != "StableDiffusionPipeline" && kind != "StableDiffusionXLPipeline")
    return report.skip(kind + " is not supported");
  const std::string model_folder =
      params.contains("model_dir") ? params.at("model_dir").get<std::string>()
                                   : std::filesystem::path(params.at("vae").get<std::string>()).parent_path().string();
  const Checkpoint tiny_model = open_checkpoint(golden_case.path(model_folder));
  const UNet2DConditionModel unet = load_unet(golden_case, tiny_model);
  const AutoencoderKL vae = load_vae(params, tiny_model);
  SamplingPlan plan = reference_plan(golden_case, params.at("scheduler"), params.at("num_inference_steps"));
  apply_pipeline_eta(params.value("eta", 0.0), plan);

  // The pipeline's callback sees the latents after certain calls of the network.
  const std::set<int> wanted = params.at("latents_steps_model_calls");
  std::vector<Tensor> steps;
  ReplayNoise noise(noise_draws(golden_case));
  const Tensor start = weighted_sum({{plan.init_noise_sigma, nchw_to_nhwc(golden_case.input_f32("latents"))}});
  const Tensor latents =
      denoise(unet, conditioning_of(golden_case, tiny_model), plan, start, noise, [&](StepInfo& info) {
        if (wanted.contains(info.total_model_calls - 1)) steps.push_back(nhwc_to_nchw(info.x));
      });
  report.check("latents_steps", stacked(steps));
  report.check("latents", nhwc_to_nchw(latents));
  const Tensor decoded = vae.decode(latents);
  const Tensor image = clamp(weighted_sum({{0.5, decoded}, {0.5, Tensor::full(decoded.shape(), 1.0f)}}), 0.0f, 1.0f);
  report.check("image", nhwc_to_nchw(image));
}

}  // namespace easel::golden
