// scheduler_config_reader.h — checked access to the keys of a scheduler configuration, which is hostile input.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace easel {

// Absent keys and null give the default. A value of another type throws InvalidArgument naming the key.
// Keeps a reference to the configuration.
class SchedulerConfigReader {
 public:
  // Throws InvalidArgument where `config` is not an object.
  explicit SchedulerConfigReader(const nlohmann::json& config);

  const nlohmann::json& json() const { return config_; }
  std::string text(const char* key, const std::string& default_value) const;
  double number(const char* key, double default_value) const;
  int integer(const char* key, int default_value) const;
  bool flag(const char* key, bool default_value) const;
  std::vector<double> numbers(const char* key) const;  // empty where absent
  std::vector<int> integers(const char* key) const;

 private:
  const nlohmann::json* find(const char* key) const;  // null where absent

  const nlohmann::json& config_;
};

}  // namespace easel
