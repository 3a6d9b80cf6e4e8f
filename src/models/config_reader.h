// config_reader.h — typed access to a config.json: every failure names the component, the key and the value.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace easel {

class ConfigReader {
 public:
  ConfigReader(const nlohmann::json& config, std::string component);

  bool is_set(const char* key) const;  // present and not null
  int64_t integer(const char* key, int64_t fallback, int64_t low, int64_t high) const;
  float number(const char* key, float fallback) const;
  bool boolean(const char* key, bool fallback) const;
  std::string text(const char* key, const std::string& fallback) const;
  std::vector<std::string> texts(const char* key) const;
  // A list of `count` integers, or one integer standing for all.
  std::vector<int64_t> integers(const char* key, int64_t fallback, size_t count) const;
  std::vector<bool> booleans(const char* key, bool fallback, size_t count) const;
  // Throws Unsupported unless the key is unset or equals `only`.
  void require(const char* key, const nlohmann::json& only) const;
  [[noreturn]] void unsupported(const char* key) const;

 private:
  [[noreturn]] void wrong(const char* key, const std::string& wanted) const;
  const nlohmann::json* find(const char* key) const;
  int64_t checked_integer(const char* key, const nlohmann::json& value, int64_t low, int64_t high) const;

  const nlohmann::json& config_;
  std::string component_;
};

// No dimension of a Stable Diffusion network comes near this; larger values are errors of the file.
inline constexpr int64_t kMaxConfigExtent = 1 << 20;

}  // namespace easel
