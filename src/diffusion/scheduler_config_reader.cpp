#include "diffusion/scheduler_config_reader.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "easel/error.h"

namespace easel {
namespace {

[[noreturn]] void fail(const char* key, const nlohmann::json& value, const char* wanted) {
  throw Error(ErrorCode::InvalidArgument,
              "[scheduler_config] " + std::string(key) + " = " + value.dump().substr(0, 80) + "; must be " + wanted);
}

int to_int(const char* key, const nlohmann::json& value) {
  if (!value.is_number_integer()) fail(key, value, "a whole number");
  const auto number = value.get<int64_t>();
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max())
    fail(key, value, "a whole number of 32 bits");
  return static_cast<int>(number);
}

}  // namespace

SchedulerConfigReader::SchedulerConfigReader(const nlohmann::json& config) : config_(config) {
  if (!config.is_object())
    throw Error(ErrorCode::InvalidArgument, "[scheduler_config] not an object: " + config.dump().substr(0, 80));
}

const nlohmann::json* SchedulerConfigReader::find(const char* key) const {
  const auto found = config_.find(key);
  return found == config_.end() || found->is_null() ? nullptr : &*found;
}

std::string SchedulerConfigReader::text(const char* key, const std::string& default_value) const {
  const nlohmann::json* value = find(key);
  if (!value) return default_value;
  if (!value->is_string()) fail(key, *value, "a string");
  return value->get<std::string>();
}

double SchedulerConfigReader::number(const char* key, double default_value) const {
  const nlohmann::json* value = find(key);
  if (!value) return default_value;
  if (!value->is_number()) fail(key, *value, "a number");
  return value->get<double>();
}

int SchedulerConfigReader::integer(const char* key, int default_value) const {
  const nlohmann::json* value = find(key);
  return value ? to_int(key, *value) : default_value;
}

bool SchedulerConfigReader::flag(const char* key, bool default_value) const {
  const nlohmann::json* value = find(key);
  if (!value) return default_value;
  if (!value->is_boolean()) fail(key, *value, "true or false");
  return value->get<bool>();
}

std::vector<double> SchedulerConfigReader::numbers(const char* key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  if (!value->is_array()) fail(key, *value, "a list of numbers");
  std::vector<double> numbers;
  for (const nlohmann::json& element : *value) {
    if (!element.is_number()) fail(key, element, "a number");
    numbers.push_back(element.get<double>());
  }
  return numbers;
}

std::vector<int> SchedulerConfigReader::integers(const char* key) const {
  const nlohmann::json* value = find(key);
  if (!value) return {};
  if (!value->is_array()) fail(key, *value, "a list of whole numbers");
  std::vector<int> numbers;
  for (const nlohmann::json& element : *value) numbers.push_back(to_int(key, element));
  return numbers;
}

}  // namespace easel
