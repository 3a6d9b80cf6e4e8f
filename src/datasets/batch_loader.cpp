#include "datasets/batch_loader.h"

#include <algorithm>
#include <cassert>
#include <exception>
#include <functional>

#include "datasets/aspect_buckets.h"
#include "datasets/step_random.h"
#include "easel/error.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

// What the file's content or absence is to blame for, as opposed to a full memory, say.
bool blames_the_example(const Error& error) {
  return error.code() == ErrorCode::CorruptFile || error.code() == ErrorCode::NotFound ||
         error.code() == ErrorCode::Unsupported || error.code() == ErrorCode::InvalidArgument;
}

// Pictures of one size, read on all threads: read(i, values) fills the i-th. Returns [count, H, W, 3]; throws what the
// first of them threw.
Tensor read_all(PictureSize size, int64_t count, const std::function<void(size_t i, float* values)>& read) {
  Tensor pictures = Tensor::empty({count, size.height_px, size.width_px, 3});
  const int64_t values = pictures.numel() / count;
  std::vector<std::exception_ptr> failures(static_cast<size_t>(count));
  parallel_for(count, [&](int64_t i, int) {
    try {
      read(static_cast<size_t>(i), pictures.f32() + i * values);
    } catch (...) {
      failures[static_cast<size_t>(i)] = std::current_exception();
    }
  });
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  return pictures;
}

}  // namespace

BatchLoader::BatchLoader(const Dataset& dataset, BatchSampler sampler, const LoaderOptions& options,
                         DatasetReport& report)
    : dataset_(dataset), sampler_(std::move(sampler)), options_(options), report_(report) {
  assert(static_cast<int64_t>(options_.sizes.size()) == sampler_.num_groups());
}

LoadedBatch BatchLoader::load(int64_t number) const {
  LoadedBatch loaded{sampler_.batch(number), {}, {}};
  const auto count = static_cast<int64_t>(loaded.batch.slots.size());
  loaded.pixel_values = read_all(picture_size(loaded.batch.group), count, [&](size_t i, float* values) {
    read_picture(loaded.batch, loaded.batch.slots[i], values);
  });
  for (const BatchSlot& slot : loaded.batch.slots) loaded.captions.push_back(caption_of(number, slot));
  return loaded;
}

LoadedBatch BatchLoader::load_captions(int64_t number) const {
  LoadedBatch loaded{sampler_.batch(number), {}, {}};
  for (BatchSlot& slot : loaded.batch.slots) {
    replace_broken(loaded.batch.group, slot);
    loaded.captions.push_back(caption_of(number, slot));
  }
  return loaded;
}

Tensor BatchLoader::centre_views(int64_t group, const std::vector<int64_t>& entries,
                                 std::vector<std::string>& problems) const {
  problems.assign(entries.size(), "");
  return read_all(picture_size(group), static_cast<int64_t>(entries.size()), [&](size_t i, float* values) {
    try {
      crop_to_values(dataset_.picture(sampler_.index_of(group, entries[i])), picture_size(group), {}, values);
    } catch (const Error& error) {
      if (!blames_the_example(error)) throw;
      problems[i] = error.what();
    }
  });
}

Tensor BatchLoader::object_cover(const Batch& batch, int64_t columns, int64_t rows) const {
  Tensor cover = Tensor::empty({static_cast<int64_t>(batch.slots.size()), rows, columns});
  float* row = cover.f32();
  for (const BatchSlot& slot : batch.slots) {
    std::vector<float> cells = dataset_.object_cover(slot.index, static_cast<int>(columns), static_cast<int>(rows));
    if (cells.empty()) return {};
    for (int64_t y = 0; y < rows; ++y, row += columns) {
      const auto begin = cells.begin() + y * columns, end = begin + columns;
      if (crop_of(batch.number, slot).flip)
        std::reverse_copy(begin, end, row);
      else
        std::copy(begin, end, row);
    }
  }
  return cover;
}

void BatchLoader::mark_broken(int64_t index, const std::string& reason) const {
  report_.skip(dataset_.name(index), "broken picture", reason);
  const std::lock_guard lock(mutex_);
  broken_.insert(index);
}

bool BatchLoader::is_broken(int64_t index) const {
  const std::lock_guard lock(mutex_);
  return broken_.contains(index);
}

// Moves a slot on to the next example of its group that is not known to be broken.
void BatchLoader::replace_broken(int64_t group, BatchSlot& slot) const {
  const int64_t size = sampler_.group_size(group);
  for (int64_t tried = 0; tried < size; ++tried) {
    if (!is_broken(slot.index)) return;
    slot.entry = (slot.entry + 1) % size;
    slot.index = sampler_.index_of(group, slot.entry);
  }
  throw Error(ErrorCode::CorruptFile,
              "[dataset] none of " + std::to_string(size) + " pictures can be read; " + report_.summary());
}

void BatchLoader::read_picture(const Batch& batch, BatchSlot& slot, float* values) const {
  for (;;) {
    replace_broken(batch.group, slot);
    try {
      return crop_to_values(dataset_.picture(slot.index), picture_size(batch.group), crop_of(batch.number, slot),
                            values);
    } catch (const Error& error) {
      if (!blames_the_example(error)) throw;
      mark_broken(slot.index, error.what());
    }
  }
}

std::string BatchLoader::caption_of(int64_t number, const BatchSlot& slot) const {
  const auto bits = [&](Purpose purpose) { return random_bits(options_.seed, number, purpose, slot.place); };
  if (random_unit(bits(Purpose::dropout)) < options_.caption_dropout) return "";
  return dataset_.caption(slot.index, bits(Purpose::wording));
}

CropChoice BatchLoader::crop_of(int64_t number, const BatchSlot& slot) const {
  CropChoice crop;
  const auto share = [&](Purpose purpose, int64_t place) {
    return random_unit(random_bits(options_.seed, number, purpose, place));
  };
  if (options_.random_crop) {
    crop.x = share(Purpose::crop, 2 * slot.place);
    crop.y = share(Purpose::crop, 2 * slot.place + 1);
  }
  if (options_.random_flip) crop.flip = share(Purpose::flip, slot.place) < 0.5;
  return crop;
}

std::unique_ptr<BatchLoader> make_batch_loader(const Dataset& dataset, const PictureBatchOptions& options,
                                               DatasetReport& report) {
  LoaderOptions loading = options.loading;
  if (!options.aspect_buckets) {
    const auto side = static_cast<int>(options.resolution);
    loading.sizes = {{side, side}};
    return std::make_unique<BatchLoader>(dataset, BatchSampler(dataset.size(), options.batches), loading, report);
  }
  loading.sizes = aspect_buckets(options.resolution);
  return std::make_unique<BatchLoader>(
      dataset, BatchSampler(sort_into_buckets(dataset, loading.sizes), options.batches), loading, report);
}

}  // namespace easel
