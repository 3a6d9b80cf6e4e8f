#include "checkpoints/model_package_writer.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "checkpoints/config_reader.h"
#include "checkpoints/model_folder.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDiffusers = "diffusers";
constexpr std::string_view kTransformers = "transformers";

struct ComponentRow {
  std::string_view name, library, class_name;
};

constexpr ComponentRow kComponents[] = {
    {.name = "scheduler", .library = kDiffusers, .class_name = "PNDMScheduler"},
    {.name = "text_encoder", .library = kTransformers, .class_name = "CLIPTextModel"},
    {.name = "text_encoder_2", .library = kTransformers, .class_name = "CLIPTextModelWithProjection"},
    {.name = "tokenizer", .library = kTransformers, .class_name = "CLIPTokenizer"},
    {.name = "tokenizer_2", .library = kTransformers, .class_name = "CLIPTokenizer"},
    {.name = "unet", .library = kDiffusers, .class_name = "UNet2DConditionModel"},
    {.name = "vae", .library = kDiffusers, .class_name = "AutoencoderKL"},
};

const ComponentRow& row_of(const std::string& component) {
  const auto* const row = std::ranges::find(kComponents, component, &ComponentRow::name);
  assert(row != std::end(kComponents));
  return *row;
}

}  // namespace

ModelPackageWriter::ModelPackageWriter(fs::path folder)
    : folder_(std::move(folder)), index_({{"_class_name", "StableDiffusionPipeline"}}) {}

void ModelPackageWriter::list(const std::string& component, const std::string& class_name) {
  index_[component] = {row_of(component).library, class_name};
  if (component == "text_encoder_2") index_["_class_name"] = "StableDiffusionXLPipeline";
}

void ModelPackageWriter::add_network(const std::string& component, const nlohmann::json& config,
                                     const std::map<std::string, Tensor>& weights) {
  const ComponentRow& row = row_of(component);
  write_component(folder_ / component, config, row.library == kDiffusers ? kDiffusersWeights : kTransformersWeights,
                  weights, DType::f16);
  list(component, std::string(row.class_name));
}

void ModelPackageWriter::add_scheduler(const nlohmann::json& config) {
  write_json(add_folder("scheduler") / "scheduler_config.json", config);
  list("scheduler", ConfigReader(config, "scheduler").text("_class_name", std::string(row_of("scheduler").class_name)));
}

fs::path ModelPackageWriter::add_folder(const std::string& component) {
  list(component, std::string(row_of(component).class_name));
  fs::create_directories(folder_ / component);
  return folder_ / component;
}

void ModelPackageWriter::set(const std::string& key, nlohmann::json value) { index_[key] = std::move(value); }

void ModelPackageWriter::write_index() { write_json(folder_ / "model_index.json", index_); }

}  // namespace easel
