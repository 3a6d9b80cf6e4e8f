#include "storybook/stickers/sticker_set.h"

#include <cstdlib>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "pictures/picture_file.h"

namespace easel::storybook {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostKept = 600;  // of 350 kB each

fs::path installed_folder() {
  if (const char* named = std::getenv("EASEL_PICTURES")) return named;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  return (program.parent_path() / "../share/easel/pictures").lexically_normal();
}

}  // namespace

StickerSet& StickerSet::installed() {
  static StickerSet set(installed_folder());
  return set;
}

std::shared_ptr<const Sticker> StickerSet::get(std::string_view kind, const std::string& look) {
  const std::string name = look + "/" + std::string(kind);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = read_.find(name); found != read_.end()) return found->second;
  }
  std::shared_ptr<const Sticker> sticker = read(kind, look);
  const std::lock_guard lock(mutex_);
  if (read_.size() >= kMostKept) read_.clear();
  return read_[name] = std::move(sticker);
}

std::shared_ptr<const Sticker> StickerSet::read(std::string_view kind, const std::string& look) const {
  std::error_code ignored;
  for (const char* extension : {".webp", ".png"}) {
    const fs::path file = folder_ / look / (std::string(kind) + extension);
    if (fs::is_regular_file(file, ignored)) return std::make_shared<Sticker>(read_picture(file), look == "sticker");
  }
  if (!fs::is_directory(folder_, ignored))
    throw Error(ErrorCode::NotFound, "[storybook] no picture sets in " + quoted_text(folder_.string()) +
                                         "; run scripts/fetch_picture_sets.sh, or set EASEL_PICTURES to their folder");
  throw Error(ErrorCode::NotFound, "[storybook] no picture of " + quoted_text(std::string(kind)) + " in " +
                                       quoted_text((folder_ / look).string()));
}

}  // namespace easel::storybook
