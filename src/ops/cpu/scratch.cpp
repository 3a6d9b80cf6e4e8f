#include "ops/cpu/scratch.h"

#include "tensor/arena.h"
#include "tensor/parallel.h"

namespace easel::cpu {

struct Scratch::Block {
  std::shared_ptr<Storage> storage;
  int64_t floats;  // of each block, a multiple of 16: 64 bytes
};

Scratch::Scratch(int64_t floats) : Scratch(floats, thread_count()) {}

Scratch::Scratch(int64_t floats, int count) {
  const int64_t rounded = (floats + 15) / 16 * 16;
  block_ =
      new Block{arena_allocate(static_cast<size_t>(rounded) * sizeof(float) * static_cast<size_t>(count)), rounded};
}

Scratch::~Scratch() { delete block_; }

float* Scratch::of(int index) const { return static_cast<float*>(block_->storage->data()) + index * block_->floats; }

}  // namespace easel::cpu
