// scratch.h — working memory of one operation, from the arena.
#pragma once

#include <cstdint>

namespace easel::cpu {

// `count` blocks of `floats` elements each, aligned to 64 bytes, not initialised; given back by the destructor. No two
// blocks share a cache line. All members are defined out of line, because code of one instruction set includes this
// header.
class Scratch {
 public:
  // One block for every thread of the process.
  explicit Scratch(int64_t floats);
  Scratch(int64_t floats, int count);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // REQUIRES: 0 <= index < count; index is the `thread` of a task where there is a block per thread.
  float* of(int index) const;

 private:
  struct Block;
  Block* block_;
};

}  // namespace easel::cpu
