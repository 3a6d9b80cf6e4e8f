#include "model_tools/model_inspection.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoints/checkpoint.h"
#include "checkpoints/config_reader.h"
#include "checkpoints/ldm/ldm_layout.h"
#include "checkpoints/tensor_file.h"
#include "diffusion/scheduler_config.h"
#include "easel/error.h"
#include "files/file_hash.h"
#include "files/json_reader.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"
#include "models/clip/clip_text_model.h"
#include "models/unet/unet_config.h"
#include "models/vae/autoencoder_kl.h"
#include "text/byte_pair_encoding.h"
#include "text/vocabulary_file.h"

namespace easel {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

[[noreturn]] void fail(ErrorCode code, const std::filesystem::path& path, const std::string& what) {
  throw Error(code, "[model] " + quoted_text(path.string()) + ": " + what);
}

std::string class_of(const json& config) {
  for (const char* key : {"_class_name", "tokenizer_class"})
    if (const json name = config.value(key, json()); name.is_string()) return name;
  const json classes = config.value("architectures", json());
  return classes.is_array() && !classes.empty() && classes[0].is_string() ? classes[0].get<std::string>() : "";
}

// A component's own word, or else that of the folder's model_index.json: ["diffusers", "AutoencoderKL"].
std::string class_of(const Checkpoint& checkpoint, const std::string& component) {
  const std::string own = class_of(checkpoint.configs.at(component));
  const auto index = checkpoint.configs.find("model_index");
  if (!own.empty() || index == checkpoint.configs.end()) return own;
  const json entry = index->second.value(component, json());
  return entry.is_array() && entry.size() == 2 && entry[1].is_string() ? entry[1].get<std::string>() : "";
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

// Refuses a config that no model can be built from, naming the file.
void check_config(const std::filesystem::path& path, const std::string& class_name, const json& config) {
  try {
    check_by_class(class_name, config);
  } catch (const Error& error) {
    fail(as_file_error(error).code(), path, error.what());
  } catch (const json::exception& error) {
    fail(ErrorCode::CorruptFile, path, escaped_text(error.what()));
  }
}

// A name for people; nothing is decided by it.
std::string family(const json& unet) {
  const json width = unet.value("cross_attention_dim", json());
  if (unet.value("addition_embed_type", json()) == "text_time")
    return width == 1280 ? "Stable Diffusion XL refiner" : "Stable Diffusion XL";
  if (width == 768) return "Stable Diffusion 1.x";
  if (width == 1024) return "Stable Diffusion 2.x";
  return "Stable Diffusion of its own size";
}

std::string task(const json& unet) {
  const json channels = unet.value("in_channels", json(4));
  if (channels == 9) return "inpainting";
  if (channels == 8) return "editing by instruction";
  if (channels == 7) return "upscaling by 4";
  if (channels == 5) return "depth to image";
  return unet.value("class_embed_type", json()) == "projection" ? "image variations (unCLIP)" : "text to image";
}

ordered_json architecture(const Checkpoint& checkpoint) {
  const auto unet = checkpoint.configs.find("unet");
  if (unet == checkpoint.configs.end()) return nullptr;
  ordered_json result = {{"family", family(unet->second)}, {"task", task(unet->second)}};
  const auto scheduler = checkpoint.configs.find("scheduler");
  if (scheduler != checkpoint.configs.end())
    result["prediction_type"] = scheduler->second.value("prediction_type", "epsilon");
  for (const char* key : {"in_channels", "cross_attention_dim", "sample_size"})
    if (unet->second.contains(key)) result[key] = unet->second[key];
  return result;
}

// Counts of a set of tensors.
void add_counts(ordered_json& entry, const WeightMap& weights) {
  int64_t parameters = 0;
  size_t size_bytes = 0;
  std::map<std::string, int64_t> elements;
  for (const auto& [name, tensor] : weights) {
    parameters += tensor.numel();
    size_bytes += tensor.size_bytes();
    elements[dtype_name(tensor.dtype())] += tensor.numel();
  }
  entry["tensor_count"] = weights.size();
  entry["parameters"] = parameters;
  entry["size_bytes"] = size_bytes;
  entry["dtypes"] = elements;
}

void add_tensors(ordered_json& list, const std::string& component, const WeightMap& weights) {
  for (const auto& [name, tensor] : weights) {
    ordered_json entry = {{"name", name},
                          {"dtype", dtype_name(tensor.dtype())},
                          {"shape", std::vector<int64_t>(tensor.shape().begin(), tensor.shape().end())}};
    if (!component.empty()) entry["component"] = component;
    list.push_back(std::move(entry));
  }
}

void add_checkpoint(ordered_json& inspection, const Checkpoint& checkpoint, const InspectionOptions& options) {
  const ordered_json summary = architecture(checkpoint);
  if (summary.is_object()) inspection["architecture"] = summary;
  ordered_json tensors = ordered_json::array();
  for (const auto& [name, config] : checkpoint.configs) {
    const std::string class_name = class_of(checkpoint, name);
    check_config(checkpoint.path, class_name, config);
    ordered_json entry = {{"class", class_name}};
    const bool has_weights = name == "unet" || name == "vae" || name.starts_with("text_encoder");
    if (has_weights) {
      const WeightMap& weights = checkpoint.weights(name);
      add_counts(entry, weights);
      if (options.list_tensors) add_tensors(tensors, name, weights);
    }
    if (name != "model_index") inspection["components"][name] = entry;
  }
  if (!checkpoint.metadata.empty()) inspection["metadata"] = checkpoint.metadata;
  if (options.list_tensors) inspection["tensors"] = tensors;
}

void inspect_tensor_file(ordered_json& inspection, const std::filesystem::path& path,
                         const InspectionOptions& options) {
  const TensorFile file = read_tensor_file(path);
  if (has_ldm_component(without_wrapper(file.tensors))) {
    inspection["kind"] = "single file";
    return add_checkpoint(inspection, open_checkpoint(path), options);
  }
  inspection["kind"] = "tensors";
  add_counts(inspection, file.tensors);
  if (!file.metadata.empty()) inspection["metadata"] = file.metadata;
  if (!options.list_tensors) return;
  inspection["tensors"] = ordered_json::array();
  add_tensors(inspection["tensors"], "", file.tensors);
}

bool is_vocabulary(const json& content) {
  return !content.empty() && std::ranges::all_of(content, [](const json& value) { return value.is_number(); });
}

void inspect_json(ordered_json& inspection, const std::filesystem::path& path) {
  const json content = read_json(path);
  if (!content.is_object()) fail(ErrorCode::CorruptFile, path, "is no JSON object");
  if (is_vocabulary(content)) {
    const auto file = MappedFile::open(path);
    inspection["kind"] = "vocabulary";
    inspection["tokens"] = parse_vocabulary(storage_bytes(*file), path.string()).size();
    return;
  }
  const std::string name = class_of(content);
  if (name.empty()) fail(ErrorCode::Unsupported, path, "no config: it names no class");
  check_config(path, name, content);
  inspection["kind"] = "config";
  inspection["class"] = name;
}

void inspect_merges(ordered_json& inspection, const std::filesystem::path& path) {
  const auto merges = MappedFile::open(path);
  inspection["kind"] = "merges";
  inspection["merges"] = parse_merges(storage_bytes(*merges), path.string()).size();
  const std::filesystem::path beside = path.parent_path() / "vocab.json";
  if (!std::filesystem::exists(beside)) return;
  const auto vocabulary = MappedFile::open(beside);
  const TokenIds tokens = parse_vocabulary(storage_bytes(*vocabulary), beside.string());
  const BytePairEncoding checked(tokens, storage_bytes(*merges), path.string());
  inspection["tokens"] = tokens.size();
}

}  // namespace

ordered_json inspect_model(const std::filesystem::path& path, const InspectionOptions& options) {
  ordered_json inspection = {{"path", path.string()}, {"kind", "diffusers folder"}};
  std::error_code unreadable;
  if (std::filesystem::is_directory(path, unreadable)) {
    add_checkpoint(inspection, open_checkpoint(path), options);
    return inspection;
  }
  if (path.extension() == ".json")
    inspect_json(inspection, path);
  else if (path.extension() == ".txt")
    inspect_merges(inspection, path);
  else
    inspect_tensor_file(inspection, path, options);
  if (options.hash) {
    const std::string digits = file_sha256(path);
    inspection["hashes"] = {{"sha256", digits}, {"model_hash", digits.substr(0, 10)}};
  }
  return inspection;
}

}  // namespace easel
