#include "datasets/tar_dataset.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "datasets/picture_listing.h"
#include "datasets/stored_dataset.h"
#include "datasets/tar_index.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"
#include "files/random_access_file.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

// The parts of one example, by their extension in lower case, without the dot.
using Parts = std::map<std::string, TarMember>;

struct MemberName {
  std::string key;        // up to the first dot of the file name, folders included
  std::string extension;  // the rest, in lower case
};

MemberName split_name(const std::string& name) {
  const size_t slash = name.rfind('/');
  const size_t dot = name.find('.', slash == name.npos ? 0 : slash + 1);
  if (dot == name.npos) return {name, ""};
  return {name.substr(0, dot), lower_case(name.substr(dot + 1))};
}

class ShardListing {
 public:
  ShardListing(const fs::path& shard, DatasetReport& report) : shard_(shard), report_(report) {}

  void append_to(std::vector<StoredExample>& examples) {
    const TarIndex index = read_tar_index(shard_);
    if (!index.problem.empty()) report_.skip(shard_.string(), "broken archive", "the rest of it: it " + index.problem);
    std::vector<std::string> order;
    for (const TarMember& member : index.members) {
      const auto [key, extension] = split_name(member.name);
      const auto [parts, is_new] = examples_.try_emplace(key);
      if (is_new) order.push_back(key);
      if (!parts->second.emplace(extension, member).second)
        report_.skip(named(member.name), "duplicate name", "the archive holds it twice; the first counts");
    }
    for (const std::string& key : order) {
      throw_if_cancelled();
      add(key, examples_.at(key), examples);
    }
  }

 private:
  std::string named(const std::string& member) const { return shard_.filename().string() + ": " + member; }

  void add(const std::string& key, const Parts& parts, std::vector<StoredExample>& examples) {
    const TarMember* picture = nullptr;
    for (const char* extension : kPictureExtensions)
      if (const auto found = parts.find(extension); found != parts.end() && picture == nullptr)
        picture = &found->second;
    if (picture == nullptr) return report_.skip(named(key), "without picture", "no .png, .jpg, .jpeg or .webp");
    std::string caption;
    try {
      caption = caption_of(parts);
    } catch (const Error& error) {
      return report_.skip(named(key), "broken caption", error.what());
    }
    examples.push_back({named(picture->name), caption, shard_, picture->offset_bytes, picture->size_bytes, {}});
  }

  std::string caption_of(const Parts& parts) const {
    for (const char* extension : {"txt", "caption"})
      if (const auto found = parts.find(extension); found != parts.end()) return trimmed(text_of(found->second));
    const auto found = parts.find("json");
    if (found == parts.end()) return "";
    const nlohmann::json object = parse_json(text_of(found->second), found->second.name);
    for (const char* key : {"caption", "text"})
      if (object.is_object() && object.contains(key) && object[key].is_string())
        return trimmed(object[key].get<std::string>());
    return "";
  }

  std::string text_of(const TarMember& member) const {
    if (member.size_bytes > kMaxCaptionFileBytes)
      throw Error(ErrorCode::CorruptFile, std::to_string(member.size_bytes) + " bytes; a caption has at most 1 MiB");
    const RandomAccessFile file(shard_, RandomAccessFile::Mode::read);
    const auto bytes = file.read(member.offset_bytes, member.size_bytes);
    return {bytes.begin(), bytes.end()};
  }

  const fs::path& shard_;
  DatasetReport& report_;
  std::map<std::string, Parts> examples_;
};

std::vector<fs::path> shards_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> shards;
  for (const auto& entry : fs::directory_iterator(path))
    if (lower_case(entry.path().extension().string()) == ".tar") shards.push_back(entry.path());
  std::ranges::sort(shards);
  return shards;
}

}  // namespace

std::unique_ptr<Dataset> open_tar_dataset(const DatasetOptions& options, DatasetReport& report) {
  const std::string where = options.path.string();
  require_data(options.path);
  try {
    std::vector<StoredExample> examples;
    for (const fs::path& shard : shards_of(options.path)) ShardListing(shard, report).append_to(examples);
    return make_stored_dataset(std::move(examples), where, options, report);
  } catch (const fs::filesystem_error& failure) {
    throw Error(ErrorCode::InvalidArgument,
                "[dataset] " + quoted_text(where) + " cannot be read: " + failure.code().message());
  }
}

}  // namespace easel
