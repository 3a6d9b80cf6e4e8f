// toml_reader.h — TOML files as JSON.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace easel {

// A whole file of at most 1 MiB: tables become objects, arrays arrays; dates and times are refused. Throws NotFound;
// CorruptFile naming the line; Unsupported where Easel was built without toml++.
nlohmann::json read_toml(const std::filesystem::path& path);

}  // namespace easel
