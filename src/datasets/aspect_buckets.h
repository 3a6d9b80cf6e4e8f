// aspect_buckets.h — sizes of about equal area and different shapes, so that wide and tall pictures need not be cropped
// to squares. Each batch is of one size.
#pragma once

#include <cstdint>
#include <vector>

#include "datasets/dataset.h"

namespace easel {

// Sizes of at most resolution x resolution pixels, no side more than twice the other, every side a multiple of
// max(8, resolution / 8): 64 for 512, as is usual. Each width has the largest height that fits. The square is among
// them; sorted by width.
std::vector<PictureSize> aspect_buckets(int64_t resolution);

// The bucket whose shape is nearest to the picture's: the least |log(ratio of the ratios)|.
int64_t nearest_bucket(PictureSize picture, const std::vector<PictureSize>& buckets);

// The examples of each bucket, by index. Throws InvalidArgument where the data set does not know its pictures' sizes.
std::vector<std::vector<int64_t>> sort_into_buckets(const Dataset& dataset, const std::vector<PictureSize>& buckets);

}  // namespace easel
