#include "files/toml_reader.h"

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr size_t kMaxBytes = size_t{1} << 20;  // a training's configuration has a few hundred

[[noreturn]] void fail(const std::string& name, const toml::source_region& place, std::string_view why) {
  throw Error(ErrorCode::CorruptFile,
              "[toml] " + quoted_text(name) + " line " + std::to_string(place.begin.line) + ": " + escaped_text(why));
}

json as_json(const toml::node& node, const std::string& name) {
  if (const auto* table = node.as_table()) {
    json object = json::object();
    for (const auto& [key, value] : *table) object[std::string(key.str())] = as_json(value, name);
    return object;
  }
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (const toml::node& value : *array) list.push_back(as_json(value, name));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  fail(name, node.source(), "dates and times mean nothing here");
}

}  // namespace

json read_toml(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  const std::string name = path.string();
  if (file->size_bytes() > kMaxBytes)
    throw Error(ErrorCode::CorruptFile, "[toml] " + quoted_text(name) + ": " + std::to_string(file->size_bytes()) +
                                            " bytes; at most 1 MiB is read");
  try {
    return as_json(toml::parse(storage_bytes(*file)), name);
  } catch (const toml::parse_error& error) {
    fail(name, error.source(), error.description());
  }
}

}  // namespace easel
