// Every `./easel …` command of the README is run as it stands there, in order, in one folder.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "cli/easel_process.h"

namespace easel {
namespace {

std::vector<std::string> readme_commands() {
  std::ifstream readme(EASEL_SOURCE_DIR "/README.md");
  std::vector<std::string> commands;
  bool in_block = false;
  for (std::string line; std::getline(readme, line);) {
    if (line.rfind("```", 0) == 0) in_block = line == "```sh";
    if (in_block && line.rfind("./easel ", 0) == 0) commands.push_back(line);
  }
  return commands;
}

TEST(Readme, CommandsWorkAsTheyStand) {
  const test::TemporaryFolder folder;
  const std::vector<std::string> commands = readme_commands();
  ASSERT_GE(commands.size(), 5u);
  for (const std::string& command : commands) {
    const std::string call = "cd '" + folder.path().string() + "' && " EASEL_BINARY_DIR "/bin/easel " +
                             command.substr(std::string("./easel ").size()) + " > out.txt 2> err.txt";
    const int status = std::system(call.c_str());
    std::ifstream error(folder / "err.txt");
    EXPECT_EQ(status, 0) << command << "\n" << error.rdbuf();
  }
}

}  // namespace
}  // namespace easel
