#include "datasets/folder_dataset.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
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
    std::vector<fs::path> pictures;
    for (const auto& entry : fs::directory_iterator(folder_))
      if (is_picture_name(entry.path())) pictures.push_back(entry.path().filename());
    std::ranges::sort(pictures);
    std::map<std::string, std::string> picture_of;  // name without extension -> first picture of it
    for (const fs::path& picture : pictures) {
      throw_if_cancelled();
      const auto [first, is_new] = picture_of.emplace(picture.stem().string(), picture.string());
      if (!is_new) {
        report_.skip(picture.string(), "duplicate name",
                     first->second + " has the same name, so that the caption could be meant for either");
        continue;
      }
      fs::path caption = folder_ / picture;
      caption.replace_extension(".txt");
      std::error_code none;
      const uintmax_t size = fs::file_size(caption, none);
      add(picture.string(), !none && size <= kMaxCaptionFileBytes ? trimmed(file_text(caption)) : "");
    }
    return std::move(examples_);
  }

 private:
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
