// Walks the golden folder's hostile files: what each is and how it must be treated stands in their manifest.json.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "golden/golden_folder.h"

namespace easel {
namespace {

using Reader = std::function<void(const std::filesystem::path&)>;

enum class Outcome { load, reject, either };

Outcome required_outcome(const std::string& must) {
  if (must == "load") return Outcome::load;
  return must.starts_with("be rejected with an error") ? Outcome::reject : Outcome::either;
}

void expect_outcome(const std::string& name, const nlohmann::json& entry, const Reader& read) {
  const Outcome required = required_outcome(entry.at("must"));
  std::string message;
  try {
    read(golden::golden_folder() / "hostile" / name);
  } catch (const Error& error) {
    message = error.what();
    EXPECT_FALSE(message.empty()) << name;
    EXPECT_EQ(message.find_first_of("\n\r"), message.npos) << name;
    EXPECT_NE(message.find(name), message.npos) << name << ": " << message;
  }
  if (required == Outcome::load) {
    EXPECT_EQ(message, "") << name;
  } else if (required == Outcome::reject) {
    EXPECT_NE(message, "") << name << " was read: " << entry.at("wrong");
  }
}

// Runs every file of the given formats; returns how many there were.
int walk(const std::vector<std::string>& formats, const Reader& read) {
  int count = 0;
  const nlohmann::json manifest = read_json(golden::golden_folder() / "hostile" / "manifest.json");
  for (const auto& [name, entry] : manifest.at("files").items())
    if (std::ranges::find(formats, entry.at("format").get<std::string>()) != formats.end()) {
      expect_outcome(name, entry, read);
      ++count;
    }
  return count;
}

TEST(HostileFiles, SafetensorsAreTreatedAsTheManifestSays) {
  EXPECT_GE(walk({"safetensors"}, [](const auto& path) { read_safetensors(path); }), 60);
}

TEST(HostileFiles, CheckpointsAreTreatedAsTheManifestSays) {
  EXPECT_GE(walk({"torch zip", "torch legacy", "pickle"}, [](const auto& path) { read_tensor_file(path); }), 50);
  EXPECT_FALSE(std::filesystem::exists("GOLDEN_PICKLE_WAS_EXECUTED"));
}

}  // namespace
}  // namespace easel
