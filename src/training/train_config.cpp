#include "training/train_config.h"

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"
#include "files/toml_reader.h"

namespace easel {
namespace {

constexpr const char* kWhere = "train";

ParameterTarget target_of(TrainConfig& config, const TrainParameter& parameter) {
  return std::visit([&](auto field) -> ParameterTarget { return &(config.*field); }, parameter.field);
}

ParameterRule rule_of(const TrainParameter& parameter) { return {kWhere, parameter.name, parameter.allowed}; }

std::vector<std::string> names_for(TrainerKind trainer) {
  std::vector<std::string> names;
  for (const TrainParameter& parameter : train_parameter_table())
    if (parameter.used_by(trainer)) names.emplace_back(parameter.name);
  return names;
}

const TrainParameter& find_parameter(TrainerKind trainer, std::string_view name) {
  for (const TrainParameter& parameter : train_parameter_table()) {
    if (name != parameter.name) continue;
    if (parameter.used_by(trainer)) return parameter;
    throw Error(ErrorCode::InvalidArgument,
                "[train] " + std::string(name) + " is no parameter of " + trainer_name(trainer));
  }
  throw Error(ErrorCode::InvalidArgument, "[train] unknown parameter " + quoted_text(name) + "; did you mean " +
                                              nearest_name(name, names_for(trainer)) + "?");
}

TrainConfig config_of(const nlohmann::json& object, const std::string& name, TrainerKind trainer) {
  if (!object.is_object()) throw Error(ErrorCode::CorruptFile, "[train] " + quoted_text(name) + ": must be an object");
  TrainConfig config;
  for (const auto& [key, value] : object.items()) {
    const TrainParameter& parameter = find_parameter(trainer, key);
    rule_of(parameter).set(target_of(config, parameter), value);
  }
  return config;
}

}  // namespace

const char* trainer_name(TrainerKind trainer) {
  switch (trainer) {
    case TrainerKind::tokenizer: return "tokenizer";
    case TrainerKind::autoencoder: return "autoencoder";
    case TrainerKind::text_to_image: return "text-to-image";
    case TrainerKind::clip: return "clip";
    case TrainerKind::scorer: return "scorer";
  }
  return "";
}

void set_train_parameter(TrainConfig& config, TrainerKind trainer, std::string_view name, const std::string& value) {
  const TrainParameter& parameter = find_parameter(trainer, name);
  rule_of(parameter).set(target_of(config, parameter), value);
}

std::string get_train_parameter(const TrainConfig& config, const TrainParameter& parameter) {
  TrainConfig copy = config;
  return parameter_text(target_of(copy, parameter));
}

TrainConfig read_train_config(const std::filesystem::path& path, TrainerKind trainer) {
  const bool toml = path.extension() == ".toml";
  return config_of(toml ? read_toml(path) : read_json(path), path.string(), trainer);
}

TrainConfig train_config_from_json(std::string_view json, TrainerKind trainer) {
  return config_of(parse_json(json, "config"), "config", trainer);
}

std::string train_config_to_json(const TrainConfig& config, TrainerKind trainer) {
  TrainConfig copy = config;
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const TrainParameter& parameter : train_parameter_table())
    if (parameter.used_by(trainer)) object[parameter.name] = parameter_json(target_of(copy, parameter));
  return object.dump(2) + "\n";
}

void check_train_config(const TrainConfig& config, TrainerKind trainer) {
  if (config.output_dir.empty()) throw Error(ErrorCode::InvalidArgument, "[train] output_dir is missing");
  if (config.dataset != "storybook" && config.train_data_dir.empty() && config.corpus.empty())
    throw Error(ErrorCode::InvalidArgument,
                "[train] train_data_dir is missing, which dataset = " + config.dataset + " reads");
  if (config.dataset != "storybook" && !config.storybook_emphasis.empty())
    throw Error(ErrorCode::InvalidArgument,
                "[train] storybook_emphasis is given; dataset must be storybook, not " + config.dataset);
  if (trainer == TrainerKind::text_to_image && !config.latent_cache.empty() &&
      (config.random_crop || config.random_flip))
    throw Error(ErrorCode::InvalidArgument,
                "[train] latent_cache keeps one view of each picture; random_crop and random_flip must be false");
  if (trainer == TrainerKind::text_to_image && !config.embedding_cache.empty() && config.train_text_encoder)
    throw Error(ErrorCode::InvalidArgument,
                "[train] embedding_cache keeps what a text encoder gave once; train_text_encoder must be false");
  if (config.perceptual_weight > 0 && config.perceptual_model.empty())
    throw Error(ErrorCode::InvalidArgument, "[train] perceptual_model is missing, which perceptual_weight > 0 needs");
  if (config.perceptual_weight == 0 && !config.perceptual_model.empty())
    throw Error(ErrorCode::InvalidArgument, "[train] perceptual_model is given; perceptual_weight must be above 0");
}

std::string train_parameters_markdown() {
  const TrainConfig defaults;
  std::string page =
      "# Training parameters\n\nOne table in `src/training/train_parameter_table.cpp` declares them; this page is "
      "`easel train parameters --markdown`. A config file, TOML or JSON, sets them under these names; flags override "
      "it.\n\n| name | default | allowed | trainers | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const TrainParameter& parameter : train_parameter_table()) {
    TrainConfig copy;
    const std::string value = get_train_parameter(defaults, parameter);
    std::vector<std::string> trainers;
    for (const TrainerKind trainer : {TrainerKind::tokenizer, TrainerKind::autoencoder, TrainerKind::text_to_image,
                                      TrainerKind::clip, TrainerKind::scorer})
      if (parameter.used_by(trainer)) trainers.emplace_back(trainer_name(trainer));
    page += std::string("| `") + parameter.name + "` | " + (value.empty() ? "" : "`" + value + "`") + " | " +
            allowed_text(target_of(copy, parameter), parameter.allowed, parameter.unit) + " | " +
            joined_names(trainers) + " | " + parameter.help + " |\n";
  }
  return page;
}

}  // namespace easel
