#include "tensor/shape.h"

#include <algorithm>

#include "easel/error.h"

namespace easel {

Shape::Shape(std::initializer_list<int64_t> extents) : Shape(extents.begin(), static_cast<int>(extents.size())) {}

Shape::Shape(const int64_t* extents, int rank) : rank_(rank) {
  if (rank < 0 || rank > kMaxRank)
    throw Error(ErrorCode::InvalidArgument, "[shape] rank = " + std::to_string(rank) + "; must be 0..6");
  std::copy_n(extents, rank, extents_.begin());
}

int64_t Shape::numel() const {
  int64_t product = 1;
  for (int64_t extent : *this) product *= extent;
  return product;
}

Shape Shape::with(int i, int64_t extent) const {
  Shape copy = *this;
  copy.extents_[static_cast<size_t>(i < 0 ? i + rank_ : i)] = extent;
  return copy;
}

std::string Shape::to_string() const {
  std::string text = "[";
  for (int i = 0; i < rank_; ++i) text += (i ? ", " : "") + std::to_string((*this)[i]);
  return text + "]";
}

bool Shape::operator==(const Shape& other) const {
  return rank_ == other.rank_ && std::equal(begin(), end(), other.begin());
}

}  // namespace easel
