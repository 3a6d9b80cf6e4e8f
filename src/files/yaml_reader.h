// yaml_reader.h — YAML files as JSON.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace easel {

// The first document of a file of at most 1 MiB: mappings become objects, sequences arrays; scalars without quotes
// become booleans, numbers or null where they are such in YAML 1.2's core schema. Throws NotFound; CorruptFile naming
// the line.
nlohmann::json read_yaml(const std::filesystem::path& path);

}  // namespace easel
