// How large files, functions, folders and rooms may grow: docs/ARCHITECTURE.md is only true of a house in which
// everything is found.
#include <gtest/gtest.h>

#include <algorithm>

#include "build_paths.h"
#include "structure/function_lengths.h"
#include "structure/source_tree.h"

namespace easel::test {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFileLines = 350;
constexpr int kMaxFunctionLines = 45;
constexpr int kMaxTableLines = 60;
constexpr int kMaxFilesInFolder = 40;
constexpr size_t kMaxShareOfRoom = 5;  // one part in so many of src/

bool is_data(const fs::path& path) {
  const std::string name = path.string();
  return name.starts_with("tests/golden/data") || name.starts_with("tests/fuzz/seeds");
}

TEST(Structure, NoFileIsTooLong) {
  for (const char* folder : {"src", "include", "tests", "bench", "cmake", "scripts"})
    for (const SourceFile& file : source_files(folder, {".c", ".cpp", ".h", ".inl", ".cmake", ".sh", ".txt"}))
      if (!is_data(file.path)) {
        EXPECT_LE(file.lines.size(), kMaxFileLines) << file.path;
      }
}

TEST(Structure, NoFunctionIsTooLong) {
  int found = 0, num_lines = 0, in_functions = 0;
  for (const char* folder : {"src", "include", "bench"})
    for (const SourceFile& file : source_files(folder)) {
      num_lines += static_cast<int>(file.lines.size());
      for (const FunctionLength& function : function_lengths(file.lines)) {
        ++found;
        in_functions += function.num_lines;
        EXPECT_LE(function.num_lines, function.is_table ? kMaxTableLines : kMaxFunctionLines)
            << file.path.string() << ":" << function.first_line << ": " << function.name;
      }
    }
  // A counter that sees no functions would find none too long.
  EXPECT_GT(found, 1500);
  EXPECT_GT(in_functions * 2, num_lines);
}

TEST(Structure, NoTestIsTooLong) {
  for (const SourceFile& file : source_files("tests"))
    for (const FunctionLength& function : function_lengths(file.lines))
      EXPECT_LE(function.num_lines, kMaxTableLines)
          << file.path.string() << ":" << function.first_line << ": " << function.name;
}

TEST(Structure, NoFolderHoldsTooManyFiles) {
  std::map<fs::path, int> counts;
  for (const char* folder : {"src", "include", "tests", "bench", "cmake", "scripts", "docs"})
    for (const auto& entry : fs::recursive_directory_iterator(source_path(folder)))
      if (entry.is_regular_file()) ++counts[fs::relative(entry.path().parent_path(), source_path(""))];
  for (const auto& [folder, count] : counts)
    if (!is_data(folder)) {
      EXPECT_LE(count, kMaxFilesInFolder) << folder;
    }
}

TEST(Structure, NoRoomHoldsMoreThanAFifth) {
  std::map<std::string, size_t> lines;
  size_t all = 0;
  for (const SourceFile& file : source_files("src")) {
    lines[file.room()] += file.lines.size();
    all += file.lines.size();
  }
  for (const auto& [room, count] : lines)
    EXPECT_LE(count * kMaxShareOfRoom, all) << room << " has " << count << " of " << all << " lines";
}

}  // namespace
}  // namespace easel::test
