// render.h — storybook pictures as a dataset on disk: what `easel storybook render` writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "storybook/world.h"

namespace easel::storybook {

struct RenderOptions {
  World world = World::whole();
  Split split = Split::train;
  int64_t count = 100;  // pictures; the i-th is of scene seed + i, whatever the count
  int size_px = 128;
  uint64_t seed = 0;
  int64_t shard_size = 1000;  // pictures per tar
  // Beside each picture what it shows: NAME.mask.png (red: the thing that is seen there, 1 the farthest, 0 none; green
  // + 256 blue: its kind), NAME.edges.png (edge_map.h), and `things` in the scene: kind and box of each, the farthest
  // first.
  bool ground_truth = false;
};

// Told after every picture that is on disk; false stops.
using RenderProgress = std::function<bool(int64_t done, int64_t count)>;

// All three draw on all threads. Files appear whole or not at all. Where `progress` stops them, they throw Cancelled
// after making what is there usable: the metadata then lists the pictures written, the last tar holds fewer.
// They throw InvalidArgument where `folder` exists and is not empty, so that nothing is overwritten.

// 000000.png, … and metadata.jsonl with a line {"file_name", "text", "scene"} for each: Hugging Face's ImageFolder.
void render_folder(const RenderOptions& options, const std::filesystem::path& folder, const RenderProgress& progress);

// 000000.tar, …: WebDataset shards with the members 000000.png, 000000.txt, 000000.json of each picture side by side.
void render_shards(const RenderOptions& options, const std::filesystem::path& folder, const RenderProgress& progress);

// One picture of all of them with their captions.
void render_sheet(const RenderOptions& options, const std::filesystem::path& path, int columns,
                  const RenderProgress& progress);

}  // namespace easel::storybook
