// source_tree.h — the checkout's source files as the structure tests see them.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace easel::test {

struct SourceFile {
  std::filesystem::path path;  // relative to the checkout: src/ops/cpu/tasks.cpp
  std::vector<std::string> lines;

  // Of a file below src/: its first folder, "ops"; empty for src/error.cpp.
  std::string room() const;
  // What it includes with quotes, as written: "ops/ops.h".
  std::vector<std::string> includes() const;
};

// Files with these extensions below a folder of the checkout, sorted by path.
std::vector<SourceFile> source_files(const std::filesystem::path& folder,
                                     const std::set<std::string>& extensions = {".c", ".cpp", ".h", ".inl"});

// The folders directly in src/.
std::set<std::string> rooms();

// A graph by names; an edge may be there without its goal being a node.
using Graph = std::map<std::string, std::set<std::string>>;

// A circle in the graph, as "a -> b -> a"; empty where there is none.
std::string find_circle(const Graph& graph);

}  // namespace easel::test
