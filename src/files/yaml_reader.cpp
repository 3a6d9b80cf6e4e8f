#include "files/yaml_reader.h"

#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr int kMaxDepth = 64;          // as of JSON
constexpr size_t kMaxNodes = 100'000;  // an alias repeats what it names: a few lines can mean billions of nodes

class Converter {
 public:
  json convert(const YAML::Node& node, int depth = 0) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes)
      throw YAML::Exception(node.Mark(), "nested too deeply or repeated too often");
    switch (node.Type()) {
      case YAML::NodeType::Map: {
        json object = json::object();
        for (const auto& entry : node) object[entry.first.as<std::string>()] = convert(entry.second, depth + 1);
        return object;
      }
      case YAML::NodeType::Sequence: {
        json list = json::array();
        for (const auto& entry : node) list.push_back(convert(entry, depth + 1));
        return list;
      }
      case YAML::NodeType::Scalar: return scalar(node);
      case YAML::NodeType::Null:
      case YAML::NodeType::Undefined: return nullptr;
    }
    return nullptr;
  }

 private:
  static json scalar(const YAML::Node& node) {
    const bool quoted = node.Tag() == "!";
    if (int64_t integer = 0; !quoted && YAML::convert<int64_t>::decode(node, integer)) return integer;
    if (double number = 0; !quoted && YAML::convert<double>::decode(node, number)) return number;
    if (!quoted && (node.Scalar() == "true" || node.Scalar() == "false")) return node.Scalar() == "true";
    return node.Scalar();
  }

  size_t nodes_ = 0;
};

}  // namespace

json read_yaml(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  const std::string name = path.string();
  if (file->size_bytes() > kMaxBytes)
    throw Error(ErrorCode::CorruptFile, "[yaml] " + quoted_text(name) + ": " + std::to_string(file->size_bytes()) +
                                            " bytes; at most 1 MiB is read");
  try {
    return Converter().convert(YAML::Load(std::string(storage_bytes(*file))));
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::CorruptFile, "[yaml] " + quoted_text(name) + " line " + std::to_string(error.mark.line + 1) +
                                            ": " + escaped_text(error.msg));
  }
}

}  // namespace easel
