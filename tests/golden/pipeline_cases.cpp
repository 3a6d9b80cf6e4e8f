#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "checkpoints/tensor_file.h"
#include "diffusion/sampling_plan.h"
#include "diffusion/scheduler_config.h"
#include "files/json_reader.h"
#include "golden/case_runners.h"
#include "golden/network_weights.h"
#include "golden/reference_version.h"
#include "models/clip/clip_text_model.h"
#include "models/vae/autoencoder_kl.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/editing/known_part.h"

namespace easel::golden {
namespace {

// A network of a folder of its own: its config.json and its weights.
struct ComponentFolder {
  nlohmann::json config;
  WeightMap weights;

  explicit ComponentFolder(const std::filesystem::path& folder)
      : config(read_json(folder / "config.json")),
        weights(with_current_names(read_safetensors(folder / "diffusion_pytorch_model.safetensors").tensors)) {}
};

UNet2DConditionModel make_unet(const nlohmann::json& config, const WeightMap& tensors) {
  CheckpointWeights weights(tensors, "unet");
  return UNet2DConditionModel(UNetConfig::from_json(config), weights);
}

UNet2DConditionModel load_unet(const GoldenCase& golden_case, const Checkpoint& tiny_model) {
  const nlohmann::json& params = golden_case.spec.at("params");
  if (!params.contains("unet")) return make_unet(tiny_model.configs.at("unet"), tiny_model.weights("unet"));
  const std::filesystem::path path = golden_case.path(params.at("unet"));
  if (std::filesystem::is_directory(path)) {
    const ComponentFolder folder(path);
    return make_unet(folder.config, folder.weights);
  }
  // "config in ../../unet/sdxl_diffusers/case.json": another case's network.
  const GoldenCase other = load_case(path.parent_path());
  const nlohmann::json config = diffusers_config(other);
  return make_unet(config, component_weights(other, other.spec.at("model"), "unet", config));
}

AutoencoderKL make_vae(nlohmann::json config, const WeightMap& tensors, const char* scaling_key,
                       const nlohmann::json& params) {
  if (params.contains(scaling_key)) config["scaling_factor"] = params.at(scaling_key);
  CheckpointWeights weights(tensors, "vae");
  return AutoencoderKL(AutoencoderConfig::from_json(config), weights);
}

AutoencoderKL load_vae(const GoldenCase& golden_case, const Checkpoint& tiny_model) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const std::filesystem::path path = params.contains("vae") ? golden_case.path(params.at("vae")) : "";
  if (!params.contains("model_dir") || !std::filesystem::is_directory(path))
    return make_vae(tiny_model.configs.at("vae"), tiny_model.weights("vae"), "vae_scaling_factor", params);
  const ComponentFolder folder(path);
  return make_vae(folder.config, folder.weights, "scaling_factor", params);
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

// What a kind of pipeline brings to the loop besides words.
struct Preparation {
  Tensor start;             // latents at the plan's first level
  Tensor extra_channels{};  // as Conditioning has them
  Tensor class_labels{};
  size_t draws_used = 0;
  std::optional<KnownPart>
      known{};  // mixed in where it is kept, after each step, at the level where the network was asked
  Tensor kept{};
};

// The latents of the case's posterior sample of a picture, with the draw `noise_0`.
Tensor sampled_latents(const AutoencoderKL& vae, const Tensor& picture, const Tensor& noise) {
  return weighted_sum({{vae.config().scaling_factor, vae.encode(picture).sample(noise)}});
}

// Every eighth pixel: nearest neighbour.
Tensor at_latents(const Tensor& mask, const Shape& latents) {
  Tensor cells = Tensor::empty({1, latents[1], latents[2], 1});
  const int64_t step = mask.dim(1) / latents[1];
  for (int64_t y = 0; y < latents[1]; ++y)
    for (int64_t x = 0; x < latents[2]; ++x)
      cells.f32()[y * latents[2] + x] = mask.f32()[y * step * mask.dim(2) + x * step];
  return cells;
}

Tensor mapped(const Tensor& x, const std::function<float(float)>& f) {
  Tensor y = Tensor::empty(x.shape());
  std::transform(x.f32(), x.f32() + x.numel(), y.f32(), f);
  return y;
}

Preparation from_words(const GoldenCase& golden_case, const SamplingPlan& plan) {
  return {.start = weighted_sum({{plan.init_noise_sigma, nchw_to_nhwc(golden_case.input_f32("latents"))}})};
}

Preparation from_picture(const GoldenCase& golden_case, const SamplingPlan& plan, const AutoencoderKL& vae,
                         const std::vector<Tensor>& draws, bool masked) {
  const Tensor clean = sampled_latents(vae, nchw_to_nhwc(golden_case.input_f32("image")), draws.at(0));
  Preparation preparation{.start = add_noise(clean, draws.at(1), plan.start_level()), .draws_used = 2};
  if (!masked) return preparation;
  const Tensor keep = at_latents(nchw_to_nhwc(golden_case.input_f32("mask")), clean.shape());
  preparation.kept = concat(std::vector<Tensor>(static_cast<size_t>(clean.dim(3)), keep), -1);
  preparation.known.emplace(clean, draws.at(1), mapped(keep, [](float k) { return 1 - k; }));
  return preparation;
}

Preparation from_masked_picture(const GoldenCase& golden_case, const SamplingPlan& plan, const AutoencoderKL& vae,
                                const std::vector<Tensor>& draws) {
  Preparation preparation = from_words(golden_case, plan);
  const Tensor mask =
      mapped(nchw_to_nhwc(golden_case.input_f32("mask")), [](float m) { return m >= 0.5f ? 1.0f : 0.0f; });
  const Tensor keep = mapped(mask, [](float m) { return 1 - m; });
  const Tensor masked = multiply(nchw_to_nhwc(golden_case.input_f32("image")), concat({keep, keep, keep}, -1));
  const Tensor latents = sampled_latents(vae, masked, draws.at(0));
  preparation.extra_channels = concat({at_latents(mask, latents.shape()), latents}, -1);
  preparation.draws_used = 1;
  return preparation;
}

Preparation from_small_picture(const GoldenCase& golden_case, const SamplingPlan& plan,
                               const std::vector<Tensor>& draws) {
  Preparation preparation = from_words(golden_case, plan);
  const nlohmann::json& params = golden_case.spec.at("params");
  const NoiseSchedule schedule = read_noise_schedule(
      read_json(golden_case.path(params.at("low_res_scheduler")) / "scheduler_config.json"), ZeroTerminalSnr::exact);
  const int level = params.at("noise_level");
  preparation.extra_channels =
      add_noise(nchw_to_nhwc(golden_case.input_f32("image")), draws.at(0), schedule.level(level));
  preparation.class_labels = Tensor::from({1}, std::vector<int32_t>{level});
  preparation.draws_used = 1;
  return preparation;
}

std::optional<Preparation> prepare(const std::string& kind, const GoldenCase& golden_case, const SamplingPlan& plan,
                                   const AutoencoderKL& vae, const std::vector<Tensor>& draws) {
  if (kind == "StableDiffusionPipeline" || kind == "StableDiffusionXLPipeline") return from_words(golden_case, plan);
  if (kind == "StableDiffusionImg2ImgPipeline") return from_picture(golden_case, plan, vae, draws, false);
  if (kind == "StableDiffusionInpaintPipelineLegacy") return from_picture(golden_case, plan, vae, draws, true);
  if (kind == "StableDiffusionInpaintPipeline") return from_masked_picture(golden_case, plan, vae, draws);
  if (kind == "StableDiffusionUpscalePipeline") return from_small_picture(golden_case, plan, draws);
  return {};
}

int first_step(const nlohmann::json& params) {
  const int steps = params.at("num_inference_steps");
  return params.contains("strength") ? steps - static_cast<int>(steps * params.at("strength").get<double>()) : 0;
}

}  // namespace

void run_pipeline_case(const GoldenCase& golden_case, CaseReport& report) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const std::string kind = params.at("pipeline");
  const std::string model_folder =
      params.contains("model_dir") ? params.at("model_dir").get<std::string>()
                                   : std::filesystem::path(params.at("vae").get<std::string>()).parent_path().string();
  const Checkpoint tiny_model = open_checkpoint(golden_case.path(model_folder));
  if (params.contains("controlnet")) return report.skip(kind + " is not supported");
  const UNet2DConditionModel unet = load_unet(golden_case, tiny_model);
  const AutoencoderKL vae = load_vae(golden_case, tiny_model);
  SamplingPlan plan =
      reference_plan(golden_case, params.at("scheduler"), params.at("num_inference_steps"), first_step(params));
  apply_pipeline_eta(params.value("eta", 0.0), plan);
  std::vector<Tensor> draws = noise_draws(golden_case);
  const std::optional<Preparation> prepared = prepare(kind, golden_case, plan, vae, draws);
  if (!prepared) return report.skip(kind + " is not supported");
  Conditioning conditioning = conditioning_of(golden_case, tiny_model);
  conditioning.extra_channels = prepared->extra_channels;
  conditioning.class_labels = prepared->class_labels;

  // The pipeline's callback sees the latents after certain calls of the network.
  const std::set<int> wanted = params.at("latents_steps_model_calls");
  std::vector<Tensor> steps;
  ReplayNoise noise({draws.begin() + static_cast<ptrdiff_t>(prepared->draws_used), draws.end()});
  Tensor latents = denoise(unet, conditioning, plan, prepared->start, noise, [&](StepInfo& info) {
    if (prepared->known) info.x = blended(info.x, prepared->known->at(info.at), prepared->kept);
    if (wanted.contains(info.total_model_calls - 1)) steps.push_back(nhwc_to_nchw(info.x));
  });
  report.check("latents_steps", stacked(steps));
  report.check("latents", nhwc_to_nchw(latents));
  if (prepared->known) latents = blended(latents, prepared->known->at(NoiseLevel{}), prepared->kept);
  const Tensor decoded = vae.decode(latents);
  const Tensor image = clamp(weighted_sum({{0.5, decoded}, {0.5, Tensor::full(decoded.shape(), 1.0f)}}), 0.0f, 1.0f);
  report.check("image", nhwc_to_nchw(image));
}

}  // namespace easel::golden
