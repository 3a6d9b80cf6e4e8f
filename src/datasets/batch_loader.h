// batch_loader.h — examples as the tensors and captions of a batch.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "datasets/batch_sampler.h"
#include "datasets/dataset.h"
#include "datasets/picture_transform.h"
#include "tensor/tensor.h"

namespace easel {

struct LoaderOptions {
  uint64_t seed = 0;
  std::vector<PictureSize> sizes = {};  // of the pictures of each group
  bool random_crop = false;             // otherwise the middle
  bool random_flip = false;             // every second picture mirrored
  double caption_dropout = 0;           // share of captions that become empty
};

struct LoadedBatch {
  Batch batch;                        // the examples that were taken
  Tensor pixel_values;                // [N, H, W, 3] f32 in [-1, 1]
  std::vector<std::string> captions;  // N; empty where they were dropped
};

// Every random choice (crop, flip, dropout, wording) is a function of the seed, the batch's number and the slot's
// place. A picture that turns out to be broken is reported once, and the next sound one of its group takes its place,
// so that a batch depends on the data alone, not on what was loaded before. Thread safe.
class BatchLoader {
 public:
  // Keeps references to `dataset` and `report`. REQUIRES: options.sizes has one entry per group of the sampler.
  BatchLoader(const Dataset& dataset, BatchSampler sampler, const LoaderOptions& options, DatasetReport& report);

  // Batch `number` of this process. Throws CorruptFile where no picture of its group can be read.
  LoadedBatch load(int64_t number) const;
  // The same without the pictures: for latents that are cached. Examples that are marked broken are replaced.
  LoadedBatch load_captions(int64_t number) const;
  // The middle of each of a group's examples, unmirrored: what a latent cache is made from. [entries.size(), H, W, 3].
  // problems[i] tells why picture i could not be read, and is empty where it could. REQUIRES: entries not empty.
  Tensor centre_views(int64_t group, const std::vector<int64_t>& entries, std::vector<std::string>& problems) const;

  // Dataset::object_cover of the examples of a batch, as their crops show them: [N, rows, columns]. Undefined where the
  // data set does not know.
  Tensor object_cover(const Batch& batch, int64_t columns, int64_t rows) const;

  // Puts the next sound example in the place of this one from now on.
  void mark_broken(int64_t index, const std::string& reason) const;

  const BatchSampler& sampler() const { return sampler_; }
  PictureSize picture_size(int64_t group) const { return options_.sizes[static_cast<size_t>(group)]; }

 private:
  bool is_broken(int64_t index) const;
  void replace_broken(int64_t group, BatchSlot& slot) const;
  std::string caption_of(int64_t number, const BatchSlot& slot) const;
  CropChoice crop_of(int64_t number, const BatchSlot& slot) const;
  void read_picture(const Batch& batch, BatchSlot& slot, float* values) const;

  const Dataset& dataset_;
  BatchSampler sampler_;
  LoaderOptions options_;
  DatasetReport& report_;
  mutable std::mutex mutex_;
  mutable std::set<int64_t> broken_;  // examples whose picture cannot be read
};

// How a data set becomes batches.
struct PictureBatchOptions {
  int64_t resolution = 128;     // pictures are squares of resolution x resolution pixels,
  bool aspect_buckets = false;  // or of about as many pixels in the shape that is nearest to their own
  BatchOptions batches = {};
  LoaderOptions loading = {};  // all but the sizes, which follow from the above
};

// Throws as sort_into_buckets does. Keeps references to `dataset` and `report`.
std::unique_ptr<BatchLoader> make_batch_loader(const Dataset& dataset, const PictureBatchOptions& options,
                                               DatasetReport& report);

}  // namespace easel
