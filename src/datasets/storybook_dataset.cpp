#include "datasets/storybook_dataset.h"

#include <algorithm>

#include "datasets/step_random.h"
#include "files/file_hash.h"
#include "storybook/arrangement.h"
#include "storybook/caption.h"
#include "storybook/drawing.h"
#include "storybook/world.h"

namespace easel {
namespace {

constexpr int64_t kFingerprintScenes = 8;  // drawn for the identity, so that caches of older drawings are refused

uint64_t scene_seed(const DatasetOptions& options, int64_t index) {
  return random_bits(options.seed, index, Purpose::scenes, 0);
}

storybook::World world_of(const DatasetOptions& options) {
  storybook::World world = storybook::find_world(options.world);
  for (const std::string& kind : options.emphasis) world.emphasise(storybook::find_kind(kind, world.kinds));
  return world;
}

class StorybookDataset final : public Dataset {
 public:
  explicit StorybookDataset(const DatasetOptions& options)
      : options_(options), world_(world_of(options)), split_(storybook::find_split(options.split)) {}

  int64_t size() const override { return options_.num_examples; }
  Picture picture(int64_t index) const override { return storybook::draw(scene(index), size_px()); }
  PictureSize picture_size(int64_t) const override { return {size_px(), size_px()}; }
  std::string caption(int64_t index, uint64_t variation) const override {
    return storybook::caption(scene(index), variation);
  }
  std::vector<float> object_cover(int64_t index, int columns, int rows) const override {
    return storybook::covered_cells(scene(index), columns, rows);
  }
  std::string name(int64_t index) const override { return "scene " + std::to_string(index); }
  std::string identity() const override {
    std::string text = "storybook " + options_.world + " " + options_.split + " " + std::to_string(options_.seed) +
                       " " + std::to_string(options_.num_examples) + " " + std::to_string(options_.resolution);
    for (const std::string& kind : options_.emphasis) text += " " + kind;
    for (int64_t index = 0; index < std::min(kFingerprintScenes, size()); ++index) {
      const Picture drawn = picture(index);
      text.append(drawn.pixels.begin(), drawn.pixels.end());
    }
    return sha256(text);
  }

 private:
  int size_px() const { return static_cast<int>(options_.resolution); }
  storybook::Scene scene(int64_t index) const {
    return storybook::sample_scene(world_, split_, scene_seed(options_, index));
  }

  DatasetOptions options_;
  storybook::World world_;
  storybook::Split split_;
};

}  // namespace

std::unique_ptr<Dataset> open_storybook_dataset(const DatasetOptions& options) {
  return std::make_unique<StorybookDataset>(options);
}

}  // namespace easel
