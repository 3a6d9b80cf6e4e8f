// chunk_frame.h — what stands around the tokens of a row of ids.
#pragma once

#include <cstddef>
#include <cstdint>

namespace easel {

// bos, up to capacity() ids, eos, padding to max_length (77 for CLIP).
struct ChunkFrame {
  int32_t bos, eos, pad;
  size_t max_length;
  size_t capacity() const { return max_length - 2; }
};

}  // namespace easel
