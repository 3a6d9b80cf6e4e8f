// Includes go down only: docs/ARCHITECTURE.md.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "build_paths.h"

namespace easel {
namespace {

// What a folder of src/ may include besides itself and the public headers.
const std::map<std::string, std::set<std::string>>& allowed() {
  static const std::map<std::string, std::set<std::string>> table = [] {
    // From the ground up; a room may include the rooms before it that its row names.
    std::map<std::string, std::set<std::string>> rooms;
    rooms["tensor"] = {};
    rooms["ops"] = {"tensor"};
    rooms["files"] = {"tensor"};
    rooms["checkpoints"] = {"tensor", "ops", "files"};
    rooms["pictures"] = {"tensor", "ops", "files"};
    rooms["text"] = {"tensor", "ops", "files"};
    rooms["models"] = {"tensor", "ops", "files", "checkpoints"};
    rooms["diffusion"] = {"tensor", "ops", "files", "checkpoints"};
    rooms["request"] = {"tensor", "files", "checkpoints", "pictures", "text", "diffusion"};
    rooms["pipelines"] = {"tensor", "ops",    "files",     "checkpoints", "pictures",
                          "text",   "models", "diffusion", "request"};
    rooms["storybook"] = {"tensor", "files", "pictures"};
    rooms["datasets"] = {"tensor", "ops", "files", "checkpoints", "pictures", "text", "diffusion", "storybook"};
    rooms["evaluation"] = {"tensor", "ops",     "files",     "checkpoints", "pictures", "text",
                           "models", "request", "pipelines", "storybook",   "datasets"};
    rooms["training"] = {"tensor",    "ops",     "files",     "checkpoints", "pictures", "text",      "models",
                         "diffusion", "request", "pipelines", "storybook",   "datasets", "evaluation"};
    rooms["model_tools"] = {"tensor", "ops", "files", "checkpoints", "text", "models", "diffusion", "pipelines"};
    rooms["benchmark"] = {"tensor",   "ops",      "models",      "diffusion", "pipelines",
                          "datasets", "training", "model_tools", "storybook"};
    rooms["cli"] = {"tensor",    "ops",      "files",      "pictures", "request",     "pipelines",
                    "storybook", "datasets", "evaluation", "training", "model_tools", "benchmark"};
    return rooms;
  }();
  return table;
}

TEST(Structure, IncludesGoDownOnly) {
  const std::filesystem::path source = test::source_path("src");
  const std::regex include(R"re(^#include "([a-z_]+)/[^"]*")re");
  int checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cpp" && extension != ".h" && extension != ".inl") continue;
    const std::string folder = std::filesystem::relative(entry.path(), source).begin()->string();
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include) || match[1] == "easel" || match[1] == folder) continue;
      ++checked;
      const auto rule = allowed().find(folder);
      ASSERT_NE(rule, allowed().end()) << folder << " is not in the table";
      EXPECT_TRUE(rule->second.contains(match[1])) << entry.path().filename() << " of " << folder << " has " << line;
    }
  }
  EXPECT_GT(checked, 100);
}

// LibTorch's headers are slow to compile and must not leak: only the plug-in sees them.
TEST(Structure, OnlyThePlugInIncludesLibTorch) {
  const std::filesystem::path root = test::source_path("");
  for (const char* folder : {"src", "include"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || entry.path().string().find("ops/torch") != std::string::npos) continue;
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      EXPECT_EQ(text.find("#include <torch/"), std::string::npos) << entry.path();
      EXPECT_EQ(text.find("#include <ATen/"), std::string::npos) << entry.path();
    }
}

}  // namespace
}  // namespace easel
