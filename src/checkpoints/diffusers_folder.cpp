#include "checkpoints/diffusers_folder.h"

#include <algorithm>
#include <set>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// Listed in many model_index.json files though people do not download them; the tokenizer's vocabulary can be had
// apart.
constexpr std::string_view kOptional[] = {"safety_checker", "feature_extractor", "image_encoder", "tokenizer",
                                          "tokenizer_2"};

// Component of a folder that is a component itself, by the class in its config.
constexpr std::pair<std::string_view, std::string_view> kComponentOfClass[] = {
    {"UNet2DConditionModel", "unet"},
    {"AutoencoderKL", "vae"},
    {"CLIPTextModel", "text_encoder"},
    {"CLIPTextModelWithProjection", "text_encoder_2"},
};

[[noreturn]] void fail(ErrorCode code, const fs::path& path, const std::string& what) {
  throw Error(code, "[checkpoint] " + quoted_text(path.string()) + ": " + what);
}

// A name of one file or folder, that cannot lead elsewhere.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() < 256 && name[0] != '.' &&
         std::ranges::all_of(name, [](unsigned char c) { return c > ' ' && c < 0x7f && c != '/' && c != '\\'; });
}

bool is_file(const fs::path& path) {
  std::error_code unreadable;
  return fs::is_regular_file(path, unreadable);
}

std::string class_of(const json& config) {
  const json name = config.value("_class_name", json());
  if (name.is_string()) return name;
  const json classes = config.value("architectures", json());
  return classes.is_array() && classes.size() == 1 && classes[0].is_string() ? classes[0].get<std::string>() : "";
}

std::optional<DiffusersComponent> read_component(const fs::path& folder) {
  for (const char* name :
       {"config.json", "scheduler_config.json", "tokenizer_config.json", "preprocessor_config.json"}) {
    if (!is_file(folder / name)) continue;
    DiffusersComponent component;
    component.folder = folder;
    component.config = read_json(folder / name);
    if (!component.config.is_object()) fail(ErrorCode::CorruptFile, folder / name, "is no JSON object");
    component.needs_weights = std::string_view(name) == "config.json";
    return component;
  }
  return std::nullopt;
}

void read_shard_index(DiffusersComponent& component, const fs::path& index) {
  const json content = read_json(index);
  const json map = content.is_object() ? content.value("weight_map", json()) : json();
  if (!map.is_object() || map.empty()) fail(ErrorCode::CorruptFile, index, "has no weight_map");
  std::set<std::string> files;
  for (const auto& [tensor, file] : map.items()) {
    if (!file.is_string() || !is_plain_name(file.get_ref<const std::string&>()))
      fail(ErrorCode::CorruptFile, index, "tensor " + quoted_text(tensor) + " is not in a file of this folder");
    component.shard_of[tensor] = file;
    files.insert(file.get<std::string>());
  }
  for (const std::string& file : files) component.weight_files.push_back(component.folder / file);
}

// Both places where the variant stands in an index file's name are in use.
bool find_weights(DiffusersComponent& component, const std::string& variant) {
  const std::string dot_variant = variant.empty() ? "" : "." + variant;
  for (const std::string stem : {"diffusion_pytorch_model", "model", "pytorch_model"})
    for (const std::string extension : {".safetensors", ".bin"}) {
      if (const fs::path file = component.folder / (stem + dot_variant + extension); is_file(file)) {
        component.weight_files = {file};
        return true;
      }
      for (const std::string& name :
           {stem + extension + ".index" + dot_variant + ".json", stem + dot_variant + extension + ".index.json"})
        if (is_file(component.folder / name)) {
          read_shard_index(component, component.folder / name);
          return true;
        }
    }
  return false;
}

// Names that model_index.json lists with a class; [null, null] stands for an absent component.
std::vector<std::string> listed_components(const fs::path& index, const json& content) {
  if (!content.is_object()) fail(ErrorCode::CorruptFile, index, "is no JSON object");
  std::vector<std::string> names;
  for (const auto& [name, value] : content.items()) {
    if (name.starts_with('_') || !value.is_array() || value.size() != 2 || value[1].is_null()) continue;
    if (!is_plain_name(name)) fail(ErrorCode::CorruptFile, index, quoted_text(name) + " is no component's name");
    names.push_back(name);
  }
  return names;
}

DiffusersFolder listed(const fs::path& path) {
  DiffusersFolder model;
  model.index = read_json(path / "model_index.json");
  for (const std::string& name : listed_components(path / "model_index.json", model.index)) {
    if (const auto component = read_component(path / name))
      model.components[name] = *component;
    else if (std::ranges::find(kOptional, name) == std::end(kOptional))
      fail(ErrorCode::NotFound, path, "component " + name + " is listed in model_index.json and missing");
  }
  return model;
}

DiffusersFolder unlisted(const fs::path& path) {
  DiffusersFolder model;
  auto& components = model.components;
  if (const auto component = read_component(path)) {
    const std::string name = class_of(component->config);
    const auto* const known = std::ranges::find(kComponentOfClass, name, [](const auto& row) { return row.first; });
    if (known == std::end(kComponentOfClass) && !name.ends_with("Scheduler"))
      fail(ErrorCode::Unsupported, path, "its config names no known class but " + quoted_text(name));
    components[known == std::end(kComponentOfClass) ? "scheduler" : std::string(known->second)] = *component;
    return model;
  }
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, unreadable))
    if (const auto component = read_component(entry.path())) components[entry.path().filename()] = *component;
  if (components.empty())
    fail(ErrorCode::NotFound, path, "no model: neither model_index.json nor a component with a config.json");
  return model;
}

}  // namespace

DiffusersFolder read_diffusers_folder(const fs::path& path, const std::string& variant) {
  DiffusersFolder model = is_file(path / "model_index.json") ? listed(path) : unlisted(path);
  if (!variant.empty() && !is_plain_name(variant))
    fail(ErrorCode::InvalidArgument, path, "no variant " + quoted_text(variant));
  bool has_variant = variant.empty();
  for (auto& [name, component] : model.components) {
    if (!component.needs_weights) continue;
    if (!variant.empty() && find_weights(component, variant))
      has_variant = true;
    else
      find_weights(component, "");  // many variants exist for some components only
  }
  if (!has_variant) fail(ErrorCode::NotFound, path, "no component has weights of variant " + quoted_text(variant));
  return model;
}

WeightMap read_component_weights(const DiffusersComponent& component) {
  if (component.weight_files.empty())
    fail(ErrorCode::NotFound, component.folder, "no weights: no file such as diffusion_pytorch_model.safetensors");
  if (component.shard_of.empty()) return read_tensor_file(component.weight_files[0]).tensors;
  std::map<std::string, TensorFile> shards;
  for (const fs::path& file : component.weight_files) shards[file.filename()] = read_tensor_file(file);
  WeightMap weights;
  for (const auto& [tensor, file] : component.shard_of) {
    const WeightMap& shard = shards.at(file).tensors;
    const auto found = shard.find(tensor);
    if (found == shard.end())
      fail(ErrorCode::CorruptFile, component.folder / file, "lacks tensor " + quoted_text(tensor));
    weights.insert(*found);
  }
  return weights;
}

}  // namespace easel
