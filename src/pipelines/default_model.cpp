#include <cstdlib>
#include <vector>

#include "easel/error.h"
#include "easel/pipeline.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

constexpr const char* kDefaultModel = "models/storybook";

// Relative to the program: an installed tree (also a moved one), then the source checkout around build/bin and around a
// preset's build/PRESET/bin.
std::vector<std::filesystem::path> default_model_candidates() {
  std::error_code ignored;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  return {folder / "../share/easel" / kDefaultModel, folder / "../.." / kDefaultModel,
          folder / "../../.." / kDefaultModel};
}

}  // namespace

std::filesystem::path find_default_model() {
  std::error_code ignored;
  if (const char* named = std::getenv("EASEL_MODEL")) {
    if (std::filesystem::exists(named, ignored)) return named;
    throw Error(ErrorCode::NotFound, "[model] EASEL_MODEL = " + quoted_text(named) + " does not exist");
  }
  std::string looked_at;
  for (const auto& candidate : default_model_candidates()) {
    const auto path = candidate.lexically_normal();
    if (std::filesystem::is_regular_file(path / "model_index.json", ignored)) return path;
    looked_at += (looked_at.empty() ? "" : ", ") + quoted_text(path.string());
  }
  throw Error(ErrorCode::NotFound,
              "[model] none given, and no default model in " + looked_at + "; name one with --model or in EASEL_MODEL");
}

}  // namespace easel
