#include "structure/source_tree.h"

#include <algorithm>
#include <fstream>
#include <regex>

#include "build_paths.h"

namespace easel::test {
namespace {

namespace fs = std::filesystem;

SourceFile read_source(const fs::path& path) {
  SourceFile file{.path = fs::relative(path, source_path("")), .lines = {}};
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
  return file;
}

// Walks on from the last node of the way; true where it comes back to a node of it, which then ends the way.
bool walk(const Graph& graph, std::vector<std::string>& way, std::set<std::string>& left) {
  const auto node = graph.find(way.back());
  if (node == graph.end() || left.contains(way.back())) return false;
  for (const std::string& next : node->second) {
    const bool met = std::ranges::find(way, next) != way.end();
    way.push_back(next);
    if (met || walk(graph, way, left)) return true;
    way.pop_back();
  }
  left.insert(way.back());
  return false;
}

}  // namespace

std::string SourceFile::room() const {
  auto part = path.begin();
  if (part->string() != "src") return "";
  ++part;
  return std::next(part) == path.end() ? "" : part->string();
}

std::vector<std::string> SourceFile::includes() const {
  static const std::regex include(R"re(^#include "([^"]+)")re");
  std::vector<std::string> names;
  std::smatch match;
  for (const std::string& line : lines)
    if (std::regex_search(line, match, include)) names.push_back(match[1]);
  return names;
}

std::vector<SourceFile> source_files(const fs::path& folder, const std::set<std::string>& extensions) {
  std::vector<SourceFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(source_path(folder)))
    if (entry.is_regular_file() && extensions.contains(entry.path().extension()))
      files.push_back(read_source(entry.path()));
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::set<std::string> rooms() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(source_path("src")))
    if (entry.is_directory()) names.insert(entry.path().filename());
  return names;
}

std::string find_circle(const Graph& graph) {
  std::set<std::string> left;  // nodes from which no way leads into a circle
  for (const auto& [name, ignored] : graph) {
    std::vector<std::string> way{name};
    if (!walk(graph, way, left)) continue;
    std::string circle = way.back();
    for (auto node = std::next(std::ranges::find(way, way.back())); node != way.end(); ++node) circle += " -> " + *node;
    return circle;
  }
  return "";
}

}  // namespace easel::test
