// Configs: of components and of whole folders.
#include "checkpoints/config_reader.h"
#include "diffusion/scheduler_config.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"
#include "model_tools/inspection/inspection.h"
#include "models/clip/clip_text_model.h"
#include "models/unet/unet_config.h"
#include "models/vae/autoencoder_kl.h"

namespace easel {
namespace {

using nlohmann::json;

[[noreturn]] void fail(ErrorCode code, const std::filesystem::path& path, const std::string& what) {
  throw Error(code, "[model] " + quoted_text(path.string()) + ": " + what);
}

void check_by_class(const std::string& name, const json& config) {
  if (name == "UNet2DConditionModel") {
    UNetConfig::from_json(config);
  } else if (name == "AutoencoderKL") {
    AutoencoderConfig::from_json(config);
  } else if (name.starts_with("CLIPTextModel")) {
    ClipTextConfig::from_json(config);
  } else if (name.ends_with("Scheduler")) {
    read_noise_schedule(config, ZeroTerminalSnr::exact);
    read_prediction_type(config);
  }
}

}  // namespace

std::string class_of(const json& config) {
  for (const char* key : {"_class_name", "tokenizer_class"})
    if (const json name = config.value(key, json()); name.is_string()) return name;
  const json classes = config.value("architectures", json());
  return classes.is_array() && !classes.empty() && classes[0].is_string() ? classes[0].get<std::string>() : "";
}

void check_config(const std::filesystem::path& path, const std::string& class_name, const json& config) {
  try {
    check_by_class(class_name, config);
  } catch (const Error& error) {
    fail(as_file_error(error).code(), path, error.what());
  } catch (const json::exception& error) {
    fail(ErrorCode::CorruptFile, path, escaped_text(error.what()));
  }
}

void inspect_json(nlohmann::ordered_json& inspection, const std::filesystem::path& path) {
  const json content = read_json(path);
  if (!content.is_object()) fail(ErrorCode::CorruptFile, path, "is no JSON object");
  if (is_vocabulary(content)) {
    inspect_vocabulary(inspection, path);
    return;
  }
  const std::string name = class_of(content);
  if (name.empty()) fail(ErrorCode::Unsupported, path, "no config: it names no class");
  check_config(path, name, content);
  inspection["kind"] = "config";
  inspection["class"] = name;
}

}  // namespace easel
