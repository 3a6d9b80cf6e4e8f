#include "golden/golden_folder.h"

#include <cstdlib>

#include "build_paths.h"

namespace easel::golden {

std::filesystem::path golden_folder() {
  if (const char* chosen = std::getenv("EASEL_GOLDEN_DIR")) return chosen;
  const std::filesystem::path beside = test::source_path("../shared/golden").lexically_normal();
  return std::filesystem::exists(beside) ? beside : test::source_path("tests/golden/data");
}

}  // namespace easel::golden
