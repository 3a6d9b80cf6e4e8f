// What docs/ARCHITECTURE.md says of files and rooms, as far as it can be checked: every file and folder that it names
// exists, and every room of src/ stands on its map.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>

#include "build_paths.h"
#include "structure/source_tree.h"

namespace easel::test {
namespace {

namespace fs = std::filesystem;

std::string document() {
  std::ifstream file(source_path("docs/ARCHITECTURE.md"));
  return {std::istreambuf_iterator<char>(file), {}};
}

// Files and folders of the checkout, folders with a "/" at the end; files also without their extension, as the document
// names a header with its implementation.
std::set<std::string> paths_of_checkout() {
  std::set<std::string> paths;
  for (const char* folder : {"src", "include", "tests", "bench", "docs", "cmake", "scripts", "models"}) {
    paths.insert(std::string(folder) + "/");
    for (const auto& entry : fs::recursive_directory_iterator(source_path(folder))) {
      const fs::path path = fs::relative(entry.path(), source_path(""));
      if (entry.is_directory()) paths.insert(path.string() + "/");
      paths.insert(path.string());
      paths.insert((path.parent_path() / path.stem()).string());
    }
  }
  return paths;
}

// Whether a word between backticks names a place: it has a folder or a file's extension, and nothing else than names.
bool is_path(const std::string& word) {
  static const std::regex path(R"([\w.<>*-]*[\w<>*/.-]+)"), extension(R"(.*\.(h|cpp|c|inl|md|json|toml|txt|cmake|sh))");
  if (!std::regex_match(word, path) || word.starts_with("./") || word.starts_with(".")) return false;
  return word.find('/') != word.npos || std::regex_match(word, extension);
}

// "training/tasks/*_task", "<kind>_cases.cpp" -> a pattern for the end of a path.
std::regex pattern_of(const std::string& word) {
  std::string pattern = std::regex_replace(word, std::regex(R"(<\w+>|\*)"), "@");
  pattern = std::regex_replace(pattern, std::regex(R"(\.)"), R"(\.)");
  return std::regex("(.*/)?" + std::regex_replace(pattern, std::regex("@"), "[^/]+"));
}

bool exists(const std::string& word, const std::set<std::string>& paths) {
  const std::regex pattern = pattern_of(word);
  return std::ranges::any_of(paths, [&](const std::string& path) { return std::regex_match(path, pattern); });
}

TEST(Architecture, APathIsToldFromOtherWords) {
  for (const char* word : {"ops/ops.h", "samplers.h", "data/", "training/tasks/*_task", "<kind>_cases.cpp"})
    EXPECT_TRUE(is_path(word)) << word;
  for (const char* word : {"open_dataset", "./test golden DIR", "./easel", "torch::autograd::Function", "tasks"})
    EXPECT_FALSE(is_path(word)) << word;
  const std::set<std::string> paths{"src/ops/ops.h", "src/ops/ops", "src/ops/", "src/training/tasks/clip_task.cpp"};
  EXPECT_TRUE(exists("ops/ops.h", paths) && exists("ops.h", paths) && exists("ops/", paths));
  EXPECT_TRUE(exists("tasks/*_task.cpp", paths) && exists("src/ops/ops", paths));
  EXPECT_FALSE(exists("ops/op.h", paths) || exists("s.h", paths) || exists("tasks/", paths));
}

TEST(Architecture, EveryPathThatItNamesExists) {
  static const std::regex quoted("`([^`\n]+)`"), link(R"(\]\(([^)#]+)\))");
  const std::string text = document();
  const std::set<std::string> paths = paths_of_checkout();
  int named = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), quoted), end; match != end; ++match) {
    const std::string word = (*match)[1];
    if (!is_path(word)) continue;
    ++named;
    EXPECT_TRUE(exists(word, paths)) << word;
  }
  EXPECT_GT(named, 30);
  for (std::sregex_iterator match(text.begin(), text.end(), link), end; match != end; ++match)
    if (const std::string page = (*match)[1]; page.find("://") == page.npos) {
      EXPECT_TRUE(fs::exists(source_path("docs") / page)) << page;
    }
}

// The map is the table before the first section: a row for each room.
TEST(Architecture, EveryRoomIsOnTheMap) {
  const std::string text = document();
  const std::string map = text.substr(0, text.find("\n## "));
  for (const std::string& room : rooms()) EXPECT_NE(map.find("\n| `" + room + "` |"), map.npos) << room;
  EXPECT_NE(map.find("`bench/`"), map.npos);
}

}  // namespace
}  // namespace easel::test
