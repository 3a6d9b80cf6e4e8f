// sticker_set.h — the pictures of kinds that code does not draw, read from the folder to which
// scripts/fetch_picture_sets.sh brings them: LOOK/KIND.webp or LOOK/KIND.png.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "storybook/stickers/sticker.h"

namespace easel::storybook {

// Thread safe. Keeps what was read, up to about 200 MB.
class StickerSet {
 public:
  explicit StickerSet(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // The folder that EASEL_PICTURES names, else ../share/easel/pictures beside the running program.
  static StickerSet& installed();

  // Throws NotFound naming the kind where there is no such picture, and how to fetch the sets where there are none.
  std::shared_ptr<const Sticker> get(std::string_view kind, const std::string& look);

 private:
  std::shared_ptr<const Sticker> read(std::string_view kind, const std::string& look) const;

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Sticker>> read_;
};

}  // namespace easel::storybook
