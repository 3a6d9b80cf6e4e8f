// Includes make no circles, neither between rooms nor between the folders of a room.
#include <gtest/gtest.h>

#include <algorithm>

#include "structure/source_tree.h"

namespace easel::test {
namespace {

TEST(Structure, ACircleIsFound) {
  EXPECT_EQ(find_circle({{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"d"}}}), "");
  EXPECT_EQ(find_circle({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}), "b -> c -> b");
}

TEST(Structure, NoCircleBetweenRooms) {
  Graph graph;
  const std::set<std::string> names = rooms();
  for (const SourceFile& file : source_files("src"))
    for (const std::string& include : file.includes()) {
      const std::string room = include.substr(0, include.find('/'));
      if (room != file.room() && names.contains(room)) graph[file.room()].insert(room);
    }
  EXPECT_GT(graph.size(), 10u);
  EXPECT_EQ(find_circle(graph), "");
}

// Between siblings only: files of a folder may include its sub-folders, which may include what lies beside them.
TEST(Structure, NoCircleBetweenSiblingFolders) {
  std::map<std::string, Graph> graphs;  // by the folder around the siblings
  int edges = 0;
  for (const SourceFile& file : source_files("src"))
    for (const std::string& include : file.includes()) {
      const std::filesystem::path from = file.path.lexically_relative("src").parent_path();
      const std::filesystem::path to = std::filesystem::path(include).parent_path();
      const auto [a, b] = std::mismatch(from.begin(), from.end(), to.begin(), to.end());
      if (a == from.end() || b == to.end() || a == from.begin()) continue;  // one around the other, or other rooms
      std::filesystem::path around;
      for (auto part = from.begin(); part != a; ++part) around /= *part;
      graphs[around.string()][a->string()].insert(b->string());
      ++edges;
    }
  EXPECT_GT(edges, 10);
  for (const auto& [around, graph] : graphs) EXPECT_EQ(find_circle(graph), "") << "in src/" << around;
}

}  // namespace
}  // namespace easel::test
