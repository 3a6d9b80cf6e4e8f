#include "text/clip_vocabulary.h"

#include <cstdlib>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

bool holds_vocabulary(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(folder / "vocab.json", ignored) &&
         std::filesystem::is_regular_file(folder / "merges.txt", ignored);
}

}  // namespace

std::filesystem::path default_clip_vocabulary() {
  if (const char* named = std::getenv("EASEL_CLIP_VOCABULARY")) {
    if (holds_vocabulary(named)) return named;
    throw Error(ErrorCode::NotFound,
                "[tokenizer] EASEL_CLIP_VOCABULARY = " + quoted_text(named) + " holds no vocab.json and merges.txt");
  }
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto folder = (program.parent_path() / "../share/easel/clip").lexically_normal();
  if (holds_vocabulary(folder)) return folder;
  throw Error(ErrorCode::NotFound, "[tokenizer] CLIP's vocabulary is not in " + quoted_text(folder.string()) +
                                       "; run scripts/fetch_clip_vocabulary.sh in the source folder, or set "
                                       "EASEL_CLIP_VOCABULARY to a folder with vocab.json and merges.txt");
}

}  // namespace easel
