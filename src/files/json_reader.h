// json_reader.h — JSON from files that are not trusted.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace easel {

// Parses RFC 8259 JSON, strictly: valid UTF-8, no duplicate keys in any object, at most 64 levels of nesting, nothing
// after the value. `name` is the file's name for messages. Throws CorruptFile with one line that says what is wrong.
nlohmann::json parse_json(std::string_view text, const std::string& name);

// A whole file of at most 64 MiB. Throws NotFound, CorruptFile.
nlohmann::json read_json(const std::filesystem::path& path);

}  // namespace easel
