// Every `./easel …` command in the shell blocks of a document is run as it stands there, in order, in one folder, where
// the document's configurations (blocks that start with `# NAME.toml`) lie as files.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "build_paths.h"
#include "cli/easel_process.h"

namespace easel {
namespace {

// The lines of a document's fenced blocks: "sh" and its lines, "toml" and its lines, …
std::vector<std::pair<std::string, std::vector<std::string>>> fenced_blocks(const std::filesystem::path& document) {
  std::ifstream file(document);
  std::vector<std::pair<std::string, std::vector<std::string>>> blocks;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("```", 0) == 0) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), {}});
    } else if (inside) {
      blocks.back().second.push_back(line);
    }
  }
  return blocks;
}

void run_as_it_stands(const std::string& command, const test::TemporaryFolder& folder) {
  const std::string call = "cd '" + folder.path().string() + "' && " + kBuiltEasel + " " +
                           command.substr(std::string("./easel ").size()) + " > out.txt 2> err.txt";
  const int status = std::system(call.c_str());
  std::ifstream error(folder / "err.txt");
  EXPECT_EQ(status, 0) << command << "\n" << error.rdbuf();
}

// Returns how many commands there were.
int follow(const std::filesystem::path& document) {
  const test::TemporaryFolder folder;
  int commands = 0;
  for (const auto& [language, lines] : fenced_blocks(document)) {
    if (language == "toml" && lines.front().rfind("# ", 0) == 0) {
      std::ofstream file(folder / lines.front().substr(2));
      for (const std::string& line : lines) file << line << "\n";
    }
    if (language != "sh") continue;
    for (const std::string& line : lines)
      if (line.rfind("./easel ", 0) == 0) {
        run_as_it_stands(line, folder);
        ++commands;
      }
  }
  return commands;
}

TEST(Documents, PromptCommandsWorkAsTheyStand) { EXPECT_GE(follow(test::source_path("docs/prompts.md")), 3); }

TEST(Documents, EditingCommandsWorkAsTheyStand) { EXPECT_GE(follow(test::source_path("docs/editing.md")), 3); }

TEST(Documents, ReadmeCommandsWorkAsTheyStand) { EXPECT_GE(follow(test::source_path("README.md")), 5); }

TEST(Documents, TrainingCommandsWorkAsTheyStand) {
  if (!test::torch_is_built()) GTEST_SKIP() << "built without LibTorch";
  EXPECT_GE(follow(test::source_path("docs/training.md")), 5);
}

}  // namespace
}  // namespace easel
