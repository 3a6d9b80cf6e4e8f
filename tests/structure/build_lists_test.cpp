// Sources are listed, not globbed: one that is in no list is compiled by nobody and missed by nobody.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "build_paths.h"
#include "structure/source_tree.h"

namespace easel::test {
namespace {

namespace fs = std::filesystem;

// Every source named in a CMakeLists.txt below these folders, relative to the checkout.
std::set<fs::path> listed_sources() {
  static const std::regex comment("#.*"), source(R"re(([\w./${}]+\.(cpp|c))\b(?!\.))re");
  const std::string checkout = "${PROJECT_SOURCE_DIR}/";
  std::set<fs::path> sources;
  for (const char* folder : {"src", "tests", "bench"})
    for (const SourceFile& list : source_files(folder, {".txt"})) {
      if (list.path.filename() != "CMakeLists.txt") continue;
      for (const std::string& line : list.lines) {
        const std::string text = std::regex_replace(line, comment, "");
        for (std::sregex_iterator match(text.begin(), text.end(), source), end; match != end; ++match) {
          const std::string name = (*match)[1];
          const fs::path path =
              name.starts_with(checkout) ? fs::path(name.substr(checkout.size())) : list.path.parent_path() / name;
          sources.insert(path.lexically_normal());
        }
      }
    }
  return sources;
}

TEST(Structure, EverySourceIsInAList) {
  const std::set<fs::path> listed = listed_sources();
  for (const char* folder : {"src", "tests", "bench"})
    for (const SourceFile& file : source_files(folder, {".cpp", ".c"}))
      EXPECT_TRUE(listed.contains(file.path)) << file.path << " is in no CMakeLists.txt";
}

TEST(Structure, EveryListedSourceExists) {
  const std::set<fs::path> listed = listed_sources();
  EXPECT_GT(listed.size(), 300u);
  for (const fs::path& path : listed)
    if (path.string().find('$') == std::string::npos) {  // not generated
      EXPECT_TRUE(fs::exists(source_path(path))) << path;
    }
}

}  // namespace
}  // namespace easel::test
