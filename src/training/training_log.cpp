#include "training/training_log.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "io/model_folder.h"

namespace easel {

void TrainingLog::open(const std::filesystem::path& output_dir, int64_t step) {
  path_ = output_dir / "training_log.jsonl";
  std::string kept;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    const nlohmann::json entry = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (entry.is_object() && entry.value("step", step + 1) <= step) kept += line + "\n";
  }
  write_text(path_, kept);
}

void TrainingLog::add(const TrainingProgress& progress) {
  nlohmann::ordered_json line = {
      {"step", progress.step}, {"learning_rate", progress.learning_rate}, {"examples_per_s", progress.examples_per_s}};
  for (const auto& [name, value] : progress.values) line[name] = value;
  std::ofstream(path_, std::ios::app) << line.dump() << "\n";
}

}  // namespace easel
