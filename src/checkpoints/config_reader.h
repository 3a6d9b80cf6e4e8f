// config_reader.h — typed access to a config of a file (config.json, scheduler_config.json), which is hostile input.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "easel/error.h"

namespace easel {

// Absent keys and null give the fallback. A value of another type or out of range throws CorruptFile with
// "[component] config key = value; must be …". Keeps a reference to the config.
class ConfigReader {
 public:
  // Throws CorruptFile where `config` is not an object.
  ConfigReader(const nlohmann::json& config, std::string component);

  const nlohmann::json& json() const { return config_; }
  bool is_set(const char* key) const;  // present and not null
  int64_t integer(const char* key, int64_t fallback, int64_t low = std::numeric_limits<int>::min(),
                  int64_t high = std::numeric_limits<int>::max()) const;
  double number(const char* key, double fallback) const;
  bool boolean(const char* key, bool fallback) const;
  std::string text(const char* key, const std::string& fallback) const;
  // Lists; empty where absent. Integers are of 32 bits.
  std::vector<int64_t> integers(const char* key) const;
  std::vector<double> numbers(const char* key) const;
  std::vector<std::string> texts(const char* key) const;
  // A list of `count`, or one value standing for all. Integers are extents: 1..kMaxConfigExtent.
  std::vector<int64_t> integers(const char* key, int64_t fallback, size_t count) const;
  std::vector<bool> booleans(const char* key, bool fallback, size_t count) const;
  // Throws Unsupported unless the key is unset or equals `only`.
  void require(const char* key, const nlohmann::json& only) const;

  [[noreturn]] void wrong(const char* key, const std::string& wanted) const;  // the CorruptFile above
  [[noreturn]] void unsupported(const char* key) const;

 private:
  const nlohmann::json* find(const char* key) const;  // null where absent
  std::string given(const char* key) const;           // "[component] config key = value"
  int64_t checked_integer(const char* key, const nlohmann::json& value, int64_t low, int64_t high) const;

  const nlohmann::json& config_;
  std::string component_;
};

// No dimension of a Stable Diffusion network comes near this; larger values are errors of the file.
inline constexpr int64_t kMaxConfigExtent = 1 << 20;

// What a function that was handed values of a file threw, as the file's error: InvalidArgument becomes CorruptFile.
Error as_file_error(const Error& error);

}  // namespace easel
