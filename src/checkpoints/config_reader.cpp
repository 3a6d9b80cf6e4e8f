#include "checkpoints/config_reader.h"

#include <nlohmann/json.hpp>

namespace easel {

ConfigReader::ConfigReader(const nlohmann::json& config, std::string component)
    : config_(config), component_(std::move(component)) {
  if (!config_.is_object()) throw Error(ErrorCode::CorruptFile, "[" + component_ + "] its config is not a JSON object");
}

const nlohmann::json* ConfigReader::find(const char* key) const {
  const auto found = config_.find(key);
  return found == config_.end() || found->is_null() ? nullptr : &*found;
}

std::string ConfigReader::given(const char* key) const {
  constexpr size_t kShownCharacters = 80;  // keeps the message a line
  const nlohmann::json* value = find(key);
  const std::string shown =
      value == nullptr ? "null" : value->dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return "[" + component_ + "] config " + key + " = " + shown.substr(0, kShownCharacters);
}

void ConfigReader::wrong(const char* key, const std::string& wanted) const {
  throw Error(ErrorCode::CorruptFile, given(key) + "; must be " + wanted);
}

void ConfigReader::unsupported(const char* key) const {
  throw Error(ErrorCode::Unsupported, given(key) + " is not supported");
}

bool ConfigReader::is_set(const char* key) const { return find(key) != nullptr; }

int64_t ConfigReader::checked_integer(const char* key, const nlohmann::json& value, int64_t low, int64_t high) const {
  if (!value.is_number_integer() || value < low || value > high)
    wrong(key, "an integer of " + std::to_string(low) + ".." + std::to_string(high));
  return value.get<int64_t>();
}

int64_t ConfigReader::integer(const char* key, int64_t fallback, int64_t low, int64_t high) const {
  const nlohmann::json* value = find(key);
  return value == nullptr ? fallback : checked_integer(key, *value, low, high);
}

double ConfigReader::number(const char* key, double fallback) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number()) wrong(key, "a number");
  return value->get<double>();
}

bool ConfigReader::boolean(const char* key, bool fallback) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) wrong(key, "true or false");
  return value->get<bool>();
}

std::string ConfigReader::text(const char* key, const std::string& fallback) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return fallback;
  if (!value->is_string()) wrong(key, "a string");
  return value->get<std::string>();
}

std::vector<int64_t> ConfigReader::integers(const char* key) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) wrong(key, "a list of integers");
  std::vector<int64_t> list;
  for (const auto& entry : *value)
    list.push_back(checked_integer(key, entry, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
  return list;
}

std::vector<double> ConfigReader::numbers(const char* key) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) wrong(key, "a list of numbers");
  std::vector<double> list;
  for (const auto& entry : *value) {
    if (!entry.is_number()) wrong(key, "a list of numbers");
    list.push_back(entry.get<double>());
  }
  return list;
}

std::vector<std::string> ConfigReader::texts(const char* key) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) wrong(key, "a list of strings");
  std::vector<std::string> list;
  for (const auto& entry : *value) {
    if (!entry.is_string()) wrong(key, "a list of strings");
    list.push_back(entry.get<std::string>());
  }
  return list;
}

std::vector<int64_t> ConfigReader::integers(const char* key, int64_t fallback, size_t count) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return std::vector<int64_t>(count, fallback);
  if (!value->is_array()) return std::vector<int64_t>(count, checked_integer(key, *value, 1, kMaxConfigExtent));
  if (value->size() != count) wrong(key, "one integer or a list of " + std::to_string(count));
  std::vector<int64_t> list;
  for (const auto& entry : *value) list.push_back(checked_integer(key, entry, 1, kMaxConfigExtent));
  return list;
}

std::vector<bool> ConfigReader::booleans(const char* key, bool fallback, size_t count) const {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return std::vector<bool>(count, fallback);
  if (value->is_boolean()) return std::vector<bool>(count, value->get<bool>());
  if (!value->is_array() || value->size() != count) wrong(key, "a boolean or a list of " + std::to_string(count));
  std::vector<bool> list;
  for (const auto& entry : *value) {
    if (!entry.is_boolean()) wrong(key, "a list of booleans");
    list.push_back(entry.get<bool>());
  }
  return list;
}

void ConfigReader::require(const char* key, const nlohmann::json& only) const {
  const nlohmann::json* value = find(key);
  if (value != nullptr && *value != only) unsupported(key);
}

Error as_file_error(const Error& error) {
  return {error.code() == ErrorCode::InvalidArgument ? ErrorCode::CorruptFile : error.code(), error.what()};
}

}  // namespace easel
