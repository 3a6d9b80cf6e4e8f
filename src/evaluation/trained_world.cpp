#include "evaluation/trained_world.h"

#include <nlohmann/json.hpp>

#include "checkpoints/config_reader.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"

namespace easel {

storybook::World trained_world(const std::filesystem::path& model) {
  const std::filesystem::path file = model / "model_index.json";
  std::error_code unreadable;
  if (!std::filesystem::exists(file, unreadable)) return storybook::World::whole();
  const nlohmann::json index = read_json(file);
  const std::string name = ConfigReader(index, "model_index").text(kStorybookWorldKey, "whole");
  try {
    return storybook::find_world(name);
  } catch (const Error& error) {
    throw Error(ErrorCode::CorruptFile, "[evaluate] " + quoted_text(file.string()) + ": " + error.what());
  }
}

}  // namespace easel
