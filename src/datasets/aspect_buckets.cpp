#include "datasets/aspect_buckets.h"

#include <algorithm>
#include <cmath>

#include "easel/error.h"

namespace easel {

std::vector<PictureSize> aspect_buckets(int64_t resolution) {
  constexpr int64_t kMaxRatio = 2;
  const int64_t step = std::max<int64_t>(8, resolution / 8 / 8 * 8);
  const int64_t area = resolution * resolution;
  std::vector<PictureSize> buckets;
  for (int64_t width = step; width <= kMaxRatio * resolution; width += step) {
    const int64_t height = area / width / step * step;
    if (height == 0 || width > kMaxRatio * height || height > kMaxRatio * width) continue;
    buckets.push_back({static_cast<int>(width), static_cast<int>(height)});
  }
  const PictureSize square{static_cast<int>(resolution), static_cast<int>(resolution)};
  if (std::ranges::find(buckets, square) == buckets.end()) buckets.push_back(square);
  std::ranges::sort(buckets, {}, &PictureSize::width_px);
  return buckets;
}

int64_t nearest_bucket(PictureSize picture, const std::vector<PictureSize>& buckets) {
  const auto log_ratio = [](PictureSize size) { return std::log(static_cast<double>(size.width_px) / size.height_px); };
  const auto distance = [&](PictureSize bucket) { return std::abs(log_ratio(bucket) - log_ratio(picture)); };
  return std::ranges::min_element(buckets, {}, distance) - buckets.begin();
}

std::vector<std::vector<int64_t>> sort_into_buckets(const Dataset& dataset, const std::vector<PictureSize>& buckets) {
  std::vector<std::vector<int64_t>> groups(buckets.size());
  for (int64_t index = 0; index < dataset.size(); ++index) {
    const PictureSize size = dataset.picture_size(index);
    if (size.width_px < 1 || size.height_px < 1)
      throw Error(ErrorCode::InvalidArgument,
                  "[dataset] check_pictures = false; aspect_buckets need it, as it finds the pictures' sizes");
    groups[static_cast<size_t>(nearest_bucket(size, buckets))].push_back(index);
  }
  return groups;
}

}  // namespace easel
