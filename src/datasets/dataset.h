// dataset.h — captioned pictures to learn from, by index.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/dataset_report.h"
#include "easel/picture.h"

namespace easel {

struct PictureSize {
  int width_px = 0;
  int height_px = 0;
  bool operator==(const PictureSize&) const = default;
};

// Examples 0..size()-1, the same ones in the same order every time the same data is opened. All methods are thread
// safe and depend on their arguments only.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  // As stored: RGB or RGBA, any size. Throws Error naming the file where it is broken.
  virtual Picture picture(int64_t index) const = 0;
  // Width and height 0 where they are not known without decoding (DatasetOptions::check_pictures was off).
  virtual PictureSize picture_size(int64_t index) const = 0;
  // Storybook has many wordings of a scene, of which `variation` chooses; the others have one.
  virtual std::string caption(int64_t index, uint64_t variation) const = 0;
  // How much of each cell of the picture is of the things that it shows, 0..1: rows * columns values, rows from the
  // top. Empty where nobody knows.
  virtual std::vector<float> object_cover(int64_t, int /*columns*/, int /*rows*/) const { return {}; }
  // The name by which messages call an example: "photos/cat.png", "shard-0001.tar: 000017", "scene 42".
  virtual std::string name(int64_t index) const = 0;
  // Names the data: equal for equal examples in equal order. 64 hexadecimal digits.
  virtual std::string identity() const = 0;
};

enum class DatasetKind { storybook, folder, tar };

struct DatasetOptions {
  DatasetKind kind = DatasetKind::storybook;
  // folder: pictures with metadata.jsonl ({"file_name", "text"} per line), or name.txt or name.caption beside name.png,
  // .jpg, .webp; sub-folders "N_name" hold pictures that count N times, captioned "name" where nothing else does.
  // tar: one WebDataset shard, or a folder of them, read in the order of their names.
  std::filesystem::path path = {};
  std::string world = "whole";             // storybook: which part of the world
  std::vector<std::string> emphasis = {};  // storybook: kinds that occur three times as often
  std::string split = "train";             // storybook: train, held_out, any
  int64_t num_examples = 100'000;          // storybook: scenes; otherwise examples at most, 0: all
  int64_t resolution = 128;                // storybook: pixels a side
  uint64_t seed = 0;                       // storybook: first scene
  bool captions_required = true;           // leave out examples without a caption
  bool check_pictures = true;              // decode every picture at opening, so that broken ones are left out
};

// Examples that cannot be used are left out and noted in `report`. Throws NotFound where there is no such data,
// InvalidArgument where it cannot be read, CorruptFile where not one usable example is left.
std::unique_ptr<Dataset> open_dataset(const DatasetOptions& options, DatasetReport& report);

}  // namespace easel
