#include "datasets/folder_dataset.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "datasets/picture_listing.h"
#include "datasets/stored_dataset.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

bool is_picture_name(const fs::path& path) {
  const std::string extension = lower_case(path.extension().string());
  return std::ranges::any_of(kPictureExtensions,
                             [&](const char* known) { return extension == std::string(".") + known; });
}

// What is surely a picture, of a format that is not read.
bool is_foreign_picture(const fs::path& path) {
  const std::string extension = lower_case(path.extension().string());
  const std::set<std::string> known = {".bmp",  ".gif",  ".tif", ".tiff", ".avif",
                                       ".heic", ".heif", ".jxl", ".jp2",  ".psd"};
  return known.contains(extension);
}

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class FolderListing {
 public:
  FolderListing(const fs::path& folder, DatasetReport& report) : folder_(folder), report_(report) {}

  std::vector<StoredExample> from_metadata() {
    std::ifstream lines(folder_ / "metadata.jsonl");
    if (!lines)
      throw Error(ErrorCode::InvalidArgument,
                  "[dataset] " + quoted_text((folder_ / "metadata.jsonl").string()) + " cannot be read");
    int64_t number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      throw_if_cancelled();
      if (trimmed(line).empty()) continue;
      const std::string where = "metadata.jsonl line " + std::to_string(number);
      try {
        add_line(line, where);
      } catch (const Error& error) {
        report_.skip(where, "broken line", error.what());
      }
    }
    return std::move(examples_);
  }

  std::vector<StoredExample> from_captions() {
    add_folder("", 1, "");
    for (const fs::path& sub : sub_folders_)
      if (const auto repeated = repeated_folder(sub.string()))
        add_folder(sub, repeated->times, repeated->name);
      else
        report_.skip(sub.string(), "sub-folder", "only sub-folders named N_name are read, their pictures N times each");
    return std::move(examples_);
  }

 private:
  // The trainer kohya's: "10_red cat" has pictures that count ten times, captioned "red cat" where they have no
  // caption.
  struct Repeated {
    int times;
    std::string name;
  };
  static std::optional<Repeated> repeated_folder(const std::string& folder) {
    const size_t digits = std::min(folder.find_first_not_of("0123456789"), folder.size());
    if (digits == 0 || digits > 4 || digits == folder.size() || folder[digits] != '_') return std::nullopt;
    const int times = std::stoi(folder.substr(0, digits));
    if (times == 0) return std::nullopt;
    return Repeated{times, trimmed(folder.substr(digits + 1))};
  }

  // Its pictures, sorted by name, each `times` times; sub: relative to the data set's folder.
  void add_folder(const fs::path& sub, int times, const std::string& usual_caption) {
    std::vector<fs::path> pictures;
    for (const auto& entry : fs::directory_iterator(folder_ / sub)) {
      const fs::path name = sub / entry.path().filename();
      if (is_picture_name(name))
        pictures.push_back(name);
      else if (entry.is_directory())
        sub.empty() ? sub_folders_.push_back(name) : leave_out_folder(name);
      else if (is_foreign_picture(name))
        report_.skip(name.string(), "other format", "pictures are read as PNG, JPEG and WebP");
    }
    std::ranges::sort(pictures);
    std::ranges::sort(sub_folders_);
    std::map<std::string, std::string> picture_of;  // name without extension -> first picture of it
    for (const fs::path& picture : pictures) {
      throw_if_cancelled();
      const auto [first, is_new] = picture_of.emplace(picture.stem().string(), picture.string());
      if (!is_new) {
        report_.skip(picture.string(), "duplicate name",
                     first->second + " has the same name, so that the caption could be meant for either");
        continue;
      }
      const std::string caption = caption_of(picture);
      for (int i = 0; i < times; ++i) add(picture.string(), caption.empty() ? usual_caption : caption);
    }
  }

  void leave_out_folder(const fs::path& name) {
    report_.skip(name.string(), "sub-folder", "folders inside sub-folders are not read");
  }

  // Of name.txt, else name.caption.
  std::string caption_of(const fs::path& picture) const {
    for (const char* extension : {".txt", ".caption"}) {
      fs::path caption = folder_ / picture;
      caption.replace_extension(extension);
      std::error_code none;
      const uintmax_t size = fs::file_size(caption, none);
      if (!none && size <= kMaxCaptionFileBytes) return trimmed(file_text(caption));
    }
    return "";
  }

  void add_line(const std::string& line, const std::string& where) {
    const nlohmann::json object = parse_json(line, where);
    const auto text_of = [&](const char* key) -> std::string {
      if (!object.is_object() || !object.contains(key)) return "";
      if (!object[key].is_string())
        throw Error(ErrorCode::CorruptFile, std::string(key) + " = " + object[key].dump() + "; must be a string");
      return object[key].get<std::string>();
    };
    const std::string file_name = text_of("file_name");
    if (file_name.empty()) throw Error(ErrorCode::CorruptFile, "file_name is missing");
    // A picture outside of the folder is nothing that a data set may name.
    const fs::path inside = fs::path(file_name).lexically_normal();
    if (inside.is_absolute() || *inside.begin() == "..")
      throw Error(ErrorCode::CorruptFile, "file_name = " + quoted_text(file_name) + "; must lie inside the folder");
    if (!names_.insert(inside.string()).second)
      return report_.skip(where, "duplicate name", quoted_text(file_name) + " was listed before; the first counts");
    add(inside.string(), trimmed(text_of("text")));
  }

  void add(const std::string& file_name, const std::string& caption) {
    const fs::path file = folder_ / file_name;
    std::error_code error;
    const uintmax_t size = fs::file_size(file, error);
    if (error) return report_.skip(file_name, "missing picture", error.message());
    examples_.push_back({file_name, caption, file, 0, size, {}});
  }

  const fs::path& folder_;
  DatasetReport& report_;
  std::set<std::string> names_;
  std::vector<fs::path> sub_folders_;
  std::vector<StoredExample> examples_;
};

}  // namespace

std::unique_ptr<Dataset> open_folder_dataset(const DatasetOptions& options, DatasetReport& report) {
  const std::string where = options.path.string();
  require_data(options.path);
  if (!fs::is_directory(options.path))
    throw Error(ErrorCode::InvalidArgument, "[dataset] " + quoted_text(where) + " is no folder");
  FolderListing listing(options.path, report);
  try {
    const bool has_metadata = fs::exists(options.path / "metadata.jsonl");
    return make_stored_dataset(has_metadata ? listing.from_metadata() : listing.from_captions(), where, options,
                               report);
  } catch (const fs::filesystem_error& failure) {
    throw Error(ErrorCode::InvalidArgument,
                "[dataset] " + quoted_text(where) + " cannot be read: " + failure.code().message());
  }
}

}  // namespace easel
