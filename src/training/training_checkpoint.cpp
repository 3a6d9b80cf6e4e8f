#include "training/training_checkpoint.h"

#include <charconv>
#include <map>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "checkpoint-";
constexpr const char* kUnfinished = "unfinished-checkpoint-";
constexpr const char* kFile = "state.safetensors";

// The checkpoints of a folder by their step.
std::map<int64_t, fs::path> checkpoints_in(const fs::path& output_dir) {
  std::map<int64_t, fs::path> found;
  if (!fs::is_directory(output_dir)) return found;
  for (const auto& entry : fs::directory_iterator(output_dir)) {
    const std::string name = entry.path().filename().string();
    int64_t step = 0;
    const char* const end = name.data() + name.size();
    const size_t prefix = std::char_traits<char>::length(kPrefix);
    if (!name.starts_with(kPrefix)) continue;
    const auto [stop, error] = std::from_chars(name.data() + prefix, end, step);
    if (error == std::errc() && stop == end) found.emplace(step, entry.path());
  }
  return found;
}

void remove_unfinished(const fs::path& output_dir) {
  for (const auto& entry : fs::directory_iterator(output_dir))
    if (entry.path().filename().string().starts_with(kUnfinished)) fs::remove_all(entry.path());
}

}  // namespace

bool has_checkpoint(const fs::path& output_dir) { return !checkpoints_in(output_dir).empty(); }

void write_checkpoint(const fs::path& output_dir, const TrainingState& state, int64_t limit) {
  remove_unfinished(output_dir);
  const std::string step = std::to_string(state.step);
  const fs::path unfinished = output_dir / (kUnfinished + step), finished = output_dir / (kPrefix + step);
  // The folder is made when its file is whole: nothing half-written is left where the process is killed.
  const fs::path file = output_dir / (kUnfinished + step + ".safetensors");
  write_safetensors(file, {.tensors = state.tensors, .metadata = {{"step", step}, {"config", state.config}}});
  fs::create_directory(unfinished);
  fs::rename(file, unfinished / kFile);
  if (fs::exists(finished)) fs::remove_all(finished);  // of an earlier training that went on from a step before it
  fs::rename(unfinished, finished);
  auto all = checkpoints_in(output_dir);
  while (limit > 0 && static_cast<int64_t>(all.size()) > limit && all.begin()->first != state.step) {
    fs::remove_all(all.begin()->second);
    all.erase(all.begin());
  }
}

TrainingState read_checkpoint(const fs::path& output_dir, const std::string& resume) {
  fs::path folder = resume;
  if (resume == "latest") {
    const auto all = checkpoints_in(output_dir);
    if (all.empty())
      throw Error(ErrorCode::NotFound, "[train] " + output_dir.string() + " holds no checkpoint to resume from");
    folder = all.rbegin()->second;
  }
  TensorFile file = read_safetensors(folder / kFile);
  TrainingState state;
  const std::string step = file.metadata["step"];
  const auto [stop, error] = std::from_chars(step.data(), step.data() + step.size(), state.step);
  if (error != std::errc() || stop != step.data() + step.size() || state.step < 0)
    throw Error(ErrorCode::CorruptFile, "[train] " + (folder / kFile).string() + " does not say its step");
  state.config = file.metadata["config"];
  state.tensors = std::move(file.tensors);
  return state;
}

}  // namespace easel
