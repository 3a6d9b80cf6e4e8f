#include "golden/golden_folder.h"

#include <cstdlib>

namespace easel::golden {

std::filesystem::path golden_folder() {
  if (const char* chosen = std::getenv("EASEL_GOLDEN_DIR")) return chosen;
  const std::filesystem::path source = EASEL_SOURCE_DIR;
  const std::filesystem::path beside = source.parent_path() / "shared" / "golden";
  return std::filesystem::exists(beside) ? beside : source / "tests" / "golden" / "data";
}

}  // namespace easel::golden
