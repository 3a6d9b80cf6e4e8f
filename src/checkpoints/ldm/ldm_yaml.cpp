#include "checkpoints/ldm/ldm_yaml.h"

#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "easel/error.h"
#include "files/quoted_text.h"
#include "files/yaml_reader.h"

namespace easel {
namespace {

using nlohmann::json;

// An object below an object; an empty one where there is none.
json part(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? *found : json::object();
}

std::string prediction_type_of(const ConfigReader& params) {
  const std::string stated = params.text("parameterization", "eps");
  if (stated == "eps") return "epsilon";
  if (stated == "v") return "v_prediction";
  if (stated == "x0") return "sample";
  params.wrong("parameterization", "eps, v or x0");
}

void read_noise_schedule(const json& params, const ConfigReader& reader, json& scheduler) {
  if (params.contains("parameterization")) scheduler["prediction_type"] = prediction_type_of(reader);
  if (params.contains("timesteps"))
    scheduler["num_train_timesteps"] = reader.integer("timesteps", 1000, 1, kMaxConfigExtent);
  if (params.contains("linear_start")) scheduler["beta_start"] = reader.number("linear_start", 0);
  if (params.contains("linear_end")) scheduler["beta_end"] = reader.number("linear_end", 0);
}

// OpenCLIP's last layer but one is what SD 2's files are read as anyway; CLIP's is named by its index.
void read_text_encoder_layer(const json& conditioner, const std::string& name, json& encoder) {
  const json params = part(conditioner, "params");
  const ConfigReader reader(params, name + ": cond_stage_config.params");
  if (!params.contains("layer_idx")) return;
  const int64_t layers = encoder.at("num_hidden_layers").get<int64_t>(), index = reader.integer("layer_idx", layers);
  const int64_t counted = index < 0 ? layers + 1 + index : index;
  if (counted < 1 || counted > layers) reader.wrong("layer_idx", "1.." + std::to_string(layers));
  encoder["num_hidden_layers"] = counted;
}

}  // namespace

std::optional<std::filesystem::path> find_ldm_yaml(const std::filesystem::path& checkpoint) {
  for (const char* extension : {".yaml", ".yml"}) {
    std::filesystem::path path = checkpoint;
    path.replace_extension(extension);
    std::error_code unreadable;
    if (std::filesystem::is_regular_file(path, unreadable)) return path;
  }
  return std::nullopt;
}

void apply_ldm_yaml(const std::filesystem::path& path, std::map<std::string, json>& configs) {
  const json yaml = read_yaml(path);
  const std::string name = quoted_text(path.string());
  if (!yaml.is_object() || part(yaml, "model").empty())
    throw Error(ErrorCode::CorruptFile, "[checkpoint] " + name + " has no \"model\": not a model's configuration");
  const json params = part(part(yaml, "model"), "params");
  const ConfigReader reader(params, name);
  if (const auto scheduler = configs.find("scheduler"); scheduler != configs.end())
    read_noise_schedule(params, reader, scheduler->second);
  if (const auto unet = configs.find("unet"); unet != configs.end() && params.contains("image_size"))
    unet->second["sample_size"] = reader.integer("image_size", 64, 1, kMaxConfigExtent);
  if (const auto vae = configs.find("vae"); vae != configs.end() && params.contains("scale_factor"))
    vae->second["scaling_factor"] = reader.number("scale_factor", 1);
  if (const auto encoder = configs.find("text_encoder"); encoder != configs.end())
    read_text_encoder_layer(part(params, "cond_stage_config"), name, encoder->second);
}

}  // namespace easel
