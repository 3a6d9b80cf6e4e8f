// numbered_pictures.h — a data set whose pictures tell their number.
#pragma once

#include <set>

#include "datasets/dataset.h"

namespace easel::test {

// Picture i has the shade i; odd ones are 24x12, even ones 16x16; those in `broken` cannot be read.
class NumberedPictures final : public Dataset {
 public:
  NumberedPictures(int64_t size, std::set<int64_t> broken) : size_(size), broken_(std::move(broken)) {}
  int64_t size() const override { return size_; }
  Picture picture(int64_t index) const override;
  PictureSize picture_size(int64_t index) const override;
  std::string caption(int64_t index, uint64_t variation) const override;  // "7 odd", "7 even"
  std::string name(int64_t index) const override { return "picture " + std::to_string(index); }
  std::string identity() const override { return "numbered"; }

 private:
  int64_t size_;
  std::set<int64_t> broken_;
};

}  // namespace easel::test
