#include "checkpoints/ldm/ldm_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "checkpoints/ldm/ldm_layout.h"
#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr int64_t kClipHeadChannels = 64;  // in every published CLIP text encoder
constexpr int64_t kSd2ContextChannels = 1024;
constexpr int64_t kUpscalerInChannels = 7;
// Training steps of the 512x512 base model of SD 2, which alone of its family predicts noise; diffusers' rule.
constexpr const char* kSd2BaseSteps = "875000";

bool is_sdxl(const json& unet) { return unet.contains("addition_embed_type"); }

json infer_vae_config(const WeightMap& weights, const std::string& prefix, const json& unet) {
  const ShapeReader shapes(weights, prefix);
  const int64_t levels = shapes.count("decoder.up.", ".block.0.conv1.weight");
  std::vector<int64_t> channels;
  for (int64_t i = 0; i < levels; ++i)
    channels.push_back(shapes.extent("decoder.up." + std::to_string(i) + ".block.0.conv1.weight", 0));
  if (channels.empty()) throw Error(ErrorCode::CorruptFile, "[checkpoint] the VAE's decoder has no layers");
  // Published values; the x4 upscaler's autoencoder is another one.
  const bool is_upscaler = unet.is_object() && unet["in_channels"] == kUpscalerInChannels;
  const double scaling_factor = is_upscaler ? 0.08333 : unet.is_object() && is_sdxl(unet) ? 0.13025 : 0.18215;
  return {{"_class_name", "AutoencoderKL"},
          {"in_channels", shapes.has("encoder.conv_in.weight") ? shapes.extent("encoder.conv_in.weight", 1) : 3},
          {"out_channels", shapes.extent("decoder.conv_out.weight", 0)},
          {"latent_channels", shapes.extent("decoder.conv_in.weight", 1)},
          {"block_out_channels", channels},
          {"layers_per_block", shapes.count("decoder.up.0.block.", ".conv1.weight") - 1},
          {"down_block_types", std::vector<std::string>(channels.size(), "DownEncoderBlock2D")},
          {"up_block_types", std::vector<std::string>(channels.size(), "UpDecoderBlock2D")},
          {"use_quant_conv", shapes.has("quant_conv.weight")},
          {"use_post_quant_conv", shapes.has("post_quant_conv.weight")},
          {"norm_num_groups", infer_norm_groups(channels)},
          {"act_fn", "silu"},
          {"scaling_factor", scaling_factor}};
}

json clip_config(int64_t vocab_size, int64_t hidden_size, int64_t positions) {
  return {{"model_type", "clip_text_model"},
          {"vocab_size", vocab_size},
          {"hidden_size", hidden_size},
          {"max_position_embeddings", positions},
          {"num_attention_heads", std::max<int64_t>(hidden_size / kClipHeadChannels, 1)},
          {"layer_norm_eps", 1e-5},
          {"projection_dim", hidden_size},
          {"architectures", {"CLIPTextModel"}},
          // As published: with 2, the pooled token is the one of the largest id.
          {"bos_token_id", 0},
          {"eos_token_id", 2},
          {"pad_token_id", 1}};
}

json infer_hugging_face_clip(const WeightMap& weights, const std::string& prefix) {
  const bool is_old = weights.contains(prefix + "embeddings.position_embedding.weight");
  const ShapeReader shapes(weights, prefix + (is_old ? "" : "text_model."));
  json config = clip_config(shapes.extent("embeddings.token_embedding.weight", 0),
                            shapes.extent("embeddings.token_embedding.weight", 1),
                            shapes.extent("embeddings.position_embedding.weight", 0));
  config["num_hidden_layers"] = shapes.count("encoder.layers.", ".mlp.fc1.weight");
  config["intermediate_size"] = shapes.extent("encoder.layers.0.mlp.fc1.weight", 0);
  config["hidden_act"] = "quick_gelu";
  return config;
}

// SD 2 takes the last layer but one of OpenCLIP and files keep the unused last layer; SDXL's second encoder takes that
// too but needs the last layer for the pooled vector.
json infer_open_clip(const WeightMap& weights, const std::string& prefix, bool with_projection) {
  const ShapeReader shapes(weights, prefix);
  json config = clip_config(shapes.extent("token_embedding.weight", 0), shapes.extent("token_embedding.weight", 1),
                            shapes.extent("positional_embedding", 0));
  const int64_t layers = shapes.count("transformer.resblocks.", ".ln_1.weight") - (with_projection ? 0 : 1);
  if (layers < 1) throw Error(ErrorCode::CorruptFile, "[checkpoint] the text encoder has no layers");
  config["num_hidden_layers"] = layers;
  config["intermediate_size"] = shapes.extent("transformer.resblocks.0.mlp.c_fc.weight", 0);
  config["hidden_act"] = "gelu";
  if (with_projection) {
    config["architectures"] = {"CLIPTextModelWithProjection"};
    config["projection_dim"] = shapes.extent("text_projection", 1);
  }
  return config;
}

json tokenizer_config(const std::string& pad_token) {
  return {{"tokenizer_class", "CLIPTokenizer"}, {"bos_token", "<|startoftext|>"},
          {"eos_token", "<|endoftext|>"},       {"pad_token", pad_token},
          {"unk_token", "<|endoftext|>"},       {"model_max_length", 77}};
}

std::optional<std::string> stated_prediction_type(const TensorFile& file) {
  const auto value = [&](const char* key) {
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? std::string() : found->second;
  };
  const std::string stated = value("modelspec.prediction_type");
  const std::string architecture = value("modelspec.architecture");
  if (stated == "epsilon" || architecture == "stable-diffusion-v2-512") return "epsilon";
  if (stated == "v" || architecture == "stable-diffusion-v2-768-v" || file.tensors.contains("v_pred"))
    return "v_prediction";
  return std::nullopt;
}

std::string infer_prediction_type(const TensorFile& file, const json& unet) {
  if (const auto stated = stated_prediction_type(file)) return *stated;
  if (!unet.is_object() || is_sdxl(unet) || unet["cross_attention_dim"] != kSd2ContextChannels) return "epsilon";
  // Of SD 2's relatives the upscaler and unCLIP predict v, inpainting (9) and depth (5) noise.
  if (unet["in_channels"] == 9 || unet["in_channels"] == 5) return "epsilon";
  const auto steps = file.metadata.find("global_step");
  return steps != file.metadata.end() && steps->second == kSd2BaseSteps ? "epsilon" : "v_prediction";
}

json infer_scheduler_config(const TensorFile& file, const json& unet, const std::string& prediction_type) {
  const bool is_upscaler = unet.is_object() && unet["in_channels"] == kUpscalerInChannels;
  json config = {{"_class_name", unet.is_object() && is_sdxl(unet) ? "EulerDiscreteScheduler" : "PNDMScheduler"},
                 {"num_train_timesteps", 1000},
                 {"beta_schedule", "scaled_linear"},
                 {"beta_start", is_upscaler ? 0.0001 : 0.00085},
                 {"beta_end", is_upscaler ? 0.02 : 0.012},
                 {"steps_offset", 1},
                 {"clip_sample", false},
                 {"set_alpha_to_one", false},
                 {"skip_prk_steps", true},
                 {"timestep_spacing", "leading"},
                 {"prediction_type", prediction_type}};
  if (file.tensors.contains("ztsnr")) config["rescale_betas_zero_snr"] = true;
  return config;
}

// Latent pixels that the published models were trained at.
int64_t sample_size(const json& unet, const std::string& prediction_type) {
  if (is_sdxl(unet) || unet["in_channels"] == kUpscalerInChannels) return 128;
  return unet["cross_attention_dim"] == kSd2ContextChannels && prediction_type == "v_prediction" ? 96 : 64;
}

void add_text_encoders(const WeightMap& weights, std::map<std::string, json>& configs) {
  for (const std::string component : {"text_encoder", "text_encoder_2"}) {
    const auto part = find_ldm_part(weights, component);
    // A map without prefixes may be either; it is the first then.
    if (!part || (part->prefix.empty() && component != "text_encoder")) continue;
    const bool is_open_clip = part->family == LdmFamily::open_clip;
    configs[component] = is_open_clip ? infer_open_clip(weights, part->prefix, component == "text_encoder_2")
                                      : infer_hugging_face_clip(weights, part->prefix);
    const std::string tokenizer = component == "text_encoder" ? "tokenizer" : "tokenizer_2";
    configs[tokenizer] = tokenizer_config(is_open_clip ? "!" : "<|endoftext|>");
  }
}

}  // namespace

int64_t infer_norm_groups(const std::vector<int64_t>& channels) {
  int64_t groups = 32;  // in every published model; smaller ones have what divides their channels
  for (const int64_t count : channels) groups = std::gcd(groups, count);
  return groups;
}

const Tensor& ShapeReader::find(const std::string& name) const {
  const auto found = weights_.find(prefix_ + name);
  if (found == weights_.end())
    throw Error(ErrorCode::CorruptFile, "[checkpoint] tensor " + quoted_text(prefix_ + name) + " is missing");
  return found->second;
}

int64_t ShapeReader::extent(const std::string& name, int axis) const {
  const Tensor& tensor = find(name);
  if (tensor.rank() <= axis || tensor.dim(axis) < 1)
    throw Error(ErrorCode::CorruptFile,
                "[checkpoint] tensor " + quoted_text(prefix_ + name) + " has shape " + tensor.shape().to_string());
  return tensor.dim(axis);
}

int ShapeReader::rank(const std::string& name) const { return find(name).rank(); }

int64_t ShapeReader::count(const std::string& before, const std::string& after) const {
  int64_t count = 0;
  while (has(before + std::to_string(count) + after)) ++count;
  return count;
}

std::map<std::string, json> infer_ldm_configs(const TensorFile& file,
                                              const std::optional<std::string>& prediction_type) {
  std::map<std::string, json> configs;
  json unet;
  const auto unet_part = find_ldm_part(file.tensors, "unet");
  if (unet_part) unet = infer_unet_config(file.tensors, unet_part->prefix);
  if (const auto part = find_ldm_part(file.tensors, "vae"))
    configs["vae"] = infer_vae_config(file.tensors, part->prefix, unet);
  add_text_encoders(file.tensors, configs);
  if (unet_part) {
    const std::string type = prediction_type ? *prediction_type : infer_prediction_type(file, unet);
    unet["sample_size"] = sample_size(unet, type);
    configs["unet"] = unet;
    configs["scheduler"] = infer_scheduler_config(file, unet, type);
  }
  if (configs.empty())
    throw Error(ErrorCode::Unsupported, "[checkpoint] none of its " + std::to_string(file.tensors.size()) +
                                            " tensors belongs to a component of Stable Diffusion");
  return configs;
}

}  // namespace easel
