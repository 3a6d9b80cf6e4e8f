#include "storybook/render.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/tar_index.h"
#include "easel/error.h"
#include "pictures/picture_file.h"
#include "storybook/drawing.h"
#include "temporary_folder.h"

namespace easel::storybook {
namespace {

const RenderProgress kGoOn = [](int64_t, int64_t) { return true; };

RenderOptions few(int64_t count) {
  RenderOptions options;
  options.world = World::small();
  options.count = count;
  options.size_px = 32;
  options.seed = 11;
  return options;
}

std::vector<nlohmann::json> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

TEST(RenderFolder, MetadataListsEveryPictureWithItsScene) {
  const test::TemporaryFolder folder;
  render_folder(few(5), folder / "set", kGoOn);
  const std::vector<nlohmann::json> lines = lines_of(folder / "set/metadata.jsonl");
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0].at("file_name"), "000000.png");
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_FALSE(lines[i].at("text").get<std::string>().empty());
    const Scene scene = sample_scene(World::small(), Split::train, 11 + i);
    EXPECT_EQ(lines[i].at("scene").at("seed"), scene.seed);
    const Picture stored = read_picture(folder / ("set/" + lines[i].at("file_name").get<std::string>()));
    EXPECT_EQ(stored.pixels, draw(scene, 32).pixels);
  }
}

TEST(RenderFolder, AFolderWithFilesIsLeftAlone) {
  const test::TemporaryFolder folder;
  folder.write("set/mine.txt", "kept");
  EXPECT_THROW(render_folder(few(2), folder / "set", kGoOn), Error);
  EXPECT_THROW(render_shards(few(2), folder / "set", kGoOn), Error);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "set"), {}), 1);
}

TEST(RenderFolder, StoppedInTheMiddleItLeavesAUsableSet) {
  const test::TemporaryFolder folder;
  try {
    render_folder(few(10), folder / "set", [](int64_t done, int64_t) { return done < 3; });
    FAIL() << "not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled);
  }
  EXPECT_EQ(lines_of(folder / "set/metadata.jsonl").size(), 3u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "set"), {}), 4);
}

TEST(RenderShards, KeysLieSideBySideAndShardsHaveTheSizeAskedFor) {
  const test::TemporaryFolder folder;
  RenderOptions options = few(5);
  options.shard_size = 2;
  render_shards(options, folder / "set", kGoOn);
  std::vector<std::string> names;
  for (const char* shard : {"set/000000.tar", "set/000001.tar", "set/000002.tar"}) {
    const TarIndex index = read_tar_index(folder / shard);
    EXPECT_EQ(index.problem, "");
    for (const TarMember& member : index.members) names.push_back(member.name);
  }
  ASSERT_EQ(names.size(), 15u);
  EXPECT_EQ(names[0], "000000.png");
  EXPECT_EQ(names[1], "000000.txt");
  EXPECT_EQ(names[2], "000000.json");
  EXPECT_EQ(names[12], "000004.png");
}

TEST(RenderSheet, HoldsEveryPicture) {
  const test::TemporaryFolder folder;
  RenderOptions options = few(5);
  render_sheet(options, folder / "sheet.png", 3, kGoOn);
  const Picture sheet = read_picture(folder / "sheet.png");
  EXPECT_GE(sheet.width_px, 3 * 32);
  EXPECT_GE(sheet.height_px, 2 * 32);
  EXPECT_THROW(render_sheet(options, folder / "sheet.bmp", 3, kGoOn), Error);
}

}  // namespace
}  // namespace easel::storybook
