#include "training/training_log.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "checkpoints/model_folder.h"
#include "easel/error.h"
#include "files/quoted_text.h"
#include "pictures/picture_file.h"
#include "training/loss_curve.h"

namespace easel {
namespace {

// Whether the line is whole and of a step up to `step`.
bool is_kept(const std::string& line, int64_t step) {
  const nlohmann::json entry = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  return entry.is_object() && entry.contains("step") && entry["step"].is_number_integer() &&
         entry["step"].get<int64_t>() <= step;
}

}  // namespace

void TrainingLog::open(const std::filesystem::path& output_dir, int64_t step) {
  path_ = output_dir / "training_log.jsonl";
  std::string kept;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);)
    if (is_kept(line, step)) kept += line + "\n";
  write_text(path_, kept);
}

void TrainingLog::add(const TrainingProgress& progress) {
  nlohmann::ordered_json line = {{"step", progress.step}};
  for (const auto& [name, value] : progress.values) line[name] = value;
  line["learning_rate"] = progress.learning_rate;
  line["examples_per_s"] = progress.examples_per_s;
  std::ofstream file(path_, std::ios::app);
  if (!(file << line.dump() << "\n" << std::flush))
    throw Error(ErrorCode::ResourceExhausted, "[train] " + quoted_text(path_.string()) + " cannot be written");
}

void TrainingLog::draw_curve() const {
  std::ifstream file(path_);
  const std::string lines{std::istreambuf_iterator<char>(file), {}};
  const Picture curve = draw_curves(read_curves(lines));
  if (!curve.pixels.empty()) write_picture(std::filesystem::path(path_).replace_extension(".png"), curve);
}

}  // namespace easel
