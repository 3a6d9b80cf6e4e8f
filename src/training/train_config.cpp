#include "training/train_config.h"

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/json_reader.h"
#include "files/message_text.h"
#include "files/quoted_text.h"
#include "files/toml_reader.h"

namespace easel {
namespace {

constexpr TrainerKind kTrainers[] = {TrainerKind::tokenizer, TrainerKind::autoencoder, TrainerKind::text_to_image,
                                     TrainerKind::clip, TrainerKind::scorer};

uint32_t bit(TrainerKind trainer) { return static_cast<uint32_t>(trainer); }

TrainConfig config_of(const nlohmann::json& object, const std::string& name, TrainerKind trainer) {
  if (!object.is_object()) throw Error(ErrorCode::CorruptFile, "[train] " + quoted_text(name) + ": must be an object");
  return train_table().from_json(object, bit(trainer));
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
  train_table().set(config, name, value, bit(trainer));
}

TrainConfig read_train_config(const std::filesystem::path& path, TrainerKind trainer) {
  const bool toml = path.extension() == ".toml";
  return config_of(toml ? read_toml(path) : read_json(path), path.string(), trainer);
}

TrainConfig train_config_from_json(std::string_view json, TrainerKind trainer) {
  return config_of(parse_json(json, "config"), "config", trainer);
}

std::string train_config_to_json(const TrainConfig& config, TrainerKind trainer) {
  return train_table().to_json(config, bit(trainer)).dump(2) + "\n";
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
  std::string page =
      "# Training parameters\n\nOne table in `src/training/train_parameter_table.cpp` declares them; this page is "
      "`easel train parameters --markdown`. A config file, TOML or JSON, sets them under these names; flags override "
      "it.\n\n| name | default | allowed | trainers | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const ParameterInfo& info : train_table().describe()) {
    std::vector<std::string> trainers;
    for (const TrainerKind trainer : kTrainers)
      if (info.tasks & bit(trainer)) trainers.emplace_back(trainer_name(trainer));
    page += "| `" + info.name + "` | " + (info.default_text.empty() ? "" : "`" + info.default_text + "`") + " | " +
            allowed_text(info) + " | " + joined_names(trainers) + " | " + info.help + " |\n";
  }
  return page;
}

}  // namespace easel
