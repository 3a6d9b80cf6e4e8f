#include "files/json_reader.h"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "easel/error.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr size_t kMaxDepth = 64;                // configs nest 3 deep, index files 2
constexpr size_t kMaxBytes = size_t{64} << 20;  // the longest in the field: CLIP's vocabulary, 1 MiB

// nlohmann's own message without its exception name and number, on one line.
std::string reason(const json::exception& error) {
  std::string_view text = error.what();
  if (const size_t end = text.find("] "); text.starts_with("[json.exception.") && end != text.npos)
    text.remove_prefix(end + 2);
  return escaped_text(text);
}

Error corrupt(const std::string& name, const std::string& why) {
  return Error(ErrorCode::CorruptFile, "[json] " + quoted_text(name) + ": " + why);
}

// Watches a parse for what the parser itself lets pass: duplicate keys and deep nesting.
class StructureCheck {
 public:
  explicit StructureCheck(const std::string& name) : name_(name) {}

  bool operator()(int /*depth*/, json::parse_event_t event, json& parsed) {
    switch (event) {
      case json::parse_event_t::object_start:
      case json::parse_event_t::array_start:
        if (open_.size() == kMaxDepth) throw corrupt(name_, "more than 64 levels of nesting");
        open_.emplace_back();
        break;
      case json::parse_event_t::object_end:
      case json::parse_event_t::array_end: open_.pop_back(); break;
      case json::parse_event_t::key: {
        const auto& key = parsed.get_ref<const std::string&>();
        if (!open_.back().insert(key).second) throw corrupt(name_, "duplicate key " + quoted_text(key));
        break;
      }
      case json::parse_event_t::value: break;
    }
    return true;
  }

 private:
  const std::string& name_;
  std::vector<std::set<std::string>> open_;  // keys seen, per open object or array
};

}  // namespace

json parse_json(std::string_view text, const std::string& name) {
  try {
    StructureCheck check(name);
    return json::parse(text.begin(), text.end(), std::ref(check));
  } catch (const json::exception& error) {
    throw corrupt(name, reason(error));
  }
}

json read_json(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  if (file->size_bytes() > kMaxBytes)
    throw corrupt(path.string(), std::to_string(file->size_bytes()) + " bytes; at most 64 MiB are read");
  return parse_json(storage_bytes(*file), path.string());
}

}  // namespace easel
