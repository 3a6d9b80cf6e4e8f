#include "storybook/render.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "easel/error.h"
#include "files/atomic_file.h"
#include "files/tar_writer.h"
#include "pictures/edge_map.h"
#include "pictures/picture_file.h"
#include "storybook/caption.h"
#include "storybook/contact_sheet.h"
#include "storybook/drawing.h"
#include "storybook/scene_json.h"
#include "tensor/cancellation_scope.h"
#include "tensor/parallel.h"

namespace easel::storybook {
namespace {

namespace fs = std::filesystem;

// Pictures drawn at once, between two looks at `progress`: 64, fewer where they would take more than 200 MB.
int64_t chunk_size(int size_px) {
  constexpr int64_t kMost = 64, kPixels = int64_t{1} << 26;
  return std::clamp<int64_t>(kPixels / (int64_t{size_px} * size_px), 1, kMost);
}

struct Example {
  CaptionedPicture captioned;
  std::vector<uint8_t> png;
  std::vector<uint8_t> mask_png = {}, edges_png = {};  // where ground truth is asked for
  nlohmann::ordered_json scene;
  std::exception_ptr failure{};  // where it could not be made
};

// See RenderOptions::ground_truth.
Picture mask_picture(const Scene& scene, const Drawing& drawing) {
  Picture mask = drawing.picture;
  for (size_t i = 0; i < drawing.truth.nearest.size(); ++i) {
    const uint8_t number = drawing.truth.nearest[i];
    const auto kind =
        number == 0 ? 0u : static_cast<unsigned>(scene.subjects[drawing.truth.things[number - 1u].subject].kind);
    mask.pixels[3 * i] = number;
    mask.pixels[3 * i + 1] = static_cast<uint8_t>(kind & 255u);
    mask.pixels[3 * i + 2] = static_cast<uint8_t>(kind >> 8);
  }
  return mask;
}

nlohmann::ordered_json things_json(const Scene& scene, const GroundTruth& truth) {
  auto things = nlohmann::ordered_json::array();
  for (const DrawnThing& thing : truth.things)
    things.push_back({{"kind", kind_name(scene.subjects[thing.subject].kind)},
                      {"box", {thing.left, thing.top, thing.right, thing.bottom}}});
  return things;
}

void add_ground_truth(const Scene& scene, const Drawing& drawing, Example& example) {
  example.scene["things"] = things_json(scene, drawing.truth);
  if (parallel_for_stopping()) return;
  example.mask_png = encode_picture(mask_picture(scene, drawing), PictureFormat::png);
  example.edges_png = encode_picture(edge_map(drawing.picture), PictureFormat::png);
}

Example make_example(const RenderOptions& options, int64_t index) {
  const uint64_t seed = options.seed + static_cast<uint64_t>(index);
  const Scene scene = sample_scene(options.world, options.split, seed);
  Example example{.captioned = {{}, caption(scene, seed)}, .png = {}, .scene = scene_to_json(scene)};
  if (options.ground_truth) {
    Drawing drawing = draw_with_truth(scene, options.size_px, options.size_px);
    add_ground_truth(scene, drawing, example);
    example.captioned.picture = std::move(drawing.picture);
  } else {
    example.captioned.picture = draw(scene, options.size_px);
  }
  if (!parallel_for_stopping()) example.png = encode_picture(example.captioned.picture, PictureFormat::png);
  return example;
}

// Examples first .. first + size - 1, drawn on all threads.
std::vector<Example> make_examples(const RenderOptions& options, int64_t first, int64_t size) {
  std::vector<Example> examples(static_cast<size_t>(size));
  parallel_for(size, [&](int64_t task, int) {
    Example& example = examples[static_cast<size_t>(task)];
    try {
      example = make_example(options, first + task);
    } catch (...) {
      example.failure = std::current_exception();
    }
  });
  return examples;
}

// In order, until `take` returns false or the work is to stop: those that were taken count. Throws what drawing threw.
void for_each_example(const RenderOptions& options, const std::function<bool(int64_t, Example&)>& take) try {
  const int64_t chunk = chunk_size(options.size_px);
  for (int64_t first = 0; first < options.count; first += chunk) {
    std::vector<Example> examples = make_examples(options, first, std::min(chunk, options.count - first));
    const CancellationShield whole;  // an example that is taken is written
    for (size_t i = 0; i < examples.size(); ++i) {
      if (examples[i].failure) std::rethrow_exception(examples[i].failure);
      if (!take(first + static_cast<int64_t>(i), examples[i])) return;
    }
  }
} catch (const Error& error) {
  if (error.code() != ErrorCode::Cancelled) throw;
}

std::string numbered(int64_t index) {
  const std::string digits = std::to_string(index);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

void make_empty_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!fs::is_directory(folder, failure))
    throw Error(ErrorCode::InvalidArgument, "[storybook] " + folder.string() + " cannot be made a folder");
  if (fs::directory_iterator(folder, failure) != fs::directory_iterator())
    throw Error(ErrorCode::InvalidArgument,
                "[storybook] " + folder.string() + " is not empty; must be a new or empty folder");
}

void write_file(const fs::path& path, const std::vector<uint8_t>& bytes) {
  AtomicFile file(path);
  file.write(bytes.data(), bytes.size());
  file.commit();
}

void check_finished(int64_t done, const RenderOptions& options) {
  if (done < options.count)
    throw Error(ErrorCode::Cancelled, "[storybook] stopped after " + std::to_string(done) + " of " +
                                          std::to_string(options.count) + " pictures; those are usable");
}

}  // namespace

void render_folder(const RenderOptions& options, const fs::path& folder, const RenderProgress& progress) {
  make_empty_folder(folder);
  AtomicFile metadata(folder / "metadata.jsonl");
  int64_t done = 0;
  for_each_example(options, [&](int64_t index, Example& example) {
    const std::string name = numbered(index) + ".png";
    write_file(folder / name, example.png);
    if (options.ground_truth) {
      write_file(folder / (numbered(index) + ".mask.png"), example.mask_png);
      write_file(folder / (numbered(index) + ".edges.png"), example.edges_png);
    }
    const nlohmann::ordered_json entry{
        {"file_name", name}, {"text", example.captioned.caption}, {"scene", example.scene}};
    const std::string line = entry.dump() + "\n";
    metadata.write(line.data(), line.size());
    return progress(++done, options.count);
  });
  metadata.commit();
  check_finished(done, options);
}

void render_shards(const RenderOptions& options, const fs::path& folder, const RenderProgress& progress) {
  make_empty_folder(folder);
  std::unique_ptr<TarWriter> shard;
  int64_t done = 0;
  for_each_example(options, [&](int64_t index, Example& example) {
    if (index % options.shard_size == 0) {
      if (shard) shard->finish();
      shard = std::make_unique<TarWriter>(folder / (numbered(index / options.shard_size) + ".tar"));
    }
    const std::string key = numbered(index);
    shard->add(key + ".png", example.png);
    if (options.ground_truth) {
      shard->add(key + ".mask.png", example.mask_png);
      shard->add(key + ".edges.png", example.edges_png);
    }
    shard->add(key + ".txt", example.captioned.caption);
    shard->add(key + ".json", example.scene.dump());
    return progress(++done, options.count);
  });
  if (shard) shard->finish();
  check_finished(done, options);
}

void render_sheet(const RenderOptions& options, const fs::path& path, int columns, const RenderProgress& progress) {
  check_output_writable(path);
  std::vector<CaptionedPicture> pictures;
  for_each_example(options, [&](int64_t, Example& example) {
    pictures.push_back(std::move(example.captioned));
    return progress(static_cast<int64_t>(pictures.size()), options.count);
  });
  check_finished(static_cast<int64_t>(pictures.size()), options);
  write_picture(path, contact_sheet(pictures, columns));
}

}  // namespace easel::storybook
