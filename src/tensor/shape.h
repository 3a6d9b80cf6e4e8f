// shape.h — the extents of a tensor, outermost first.
// Letters used throughout: N batch, H W height and width, C channels, L tokens, D head size, G groups.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "easel/export.h"

namespace easel {

class EASEL_API Shape {
 public:
  static constexpr int kMaxRank = 6;

  Shape() = default;
  Shape(std::initializer_list<int64_t> extents);
  Shape(const int64_t* extents, int rank);

  int rank() const { return rank_; }
  // i counts from the front; negative i from the back, as in Python. REQUIRES: -rank <= i < rank.
  int64_t operator[](int i) const { return extents_[static_cast<size_t>(i < 0 ? i + rank_ : i)]; }
  const int64_t* begin() const { return extents_.data(); }
  const int64_t* end() const { return extents_.data() + rank_; }

  int64_t numel() const;                    // 1 for rank 0
  Shape with(int i, int64_t extent) const;  // a copy with one extent replaced
  std::string to_string() const;            // "[2, 64, 64, 4]"

  bool operator==(const Shape& other) const;
  bool operator!=(const Shape& other) const { return !(*this == other); }

 private:
  std::array<int64_t, kMaxRank> extents_{};
  int rank_ = 0;
};

}  // namespace easel
