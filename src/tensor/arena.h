// arena.h — host memory that stays with the process.
//
// Networks free a tensor and ask for one of the same size a moment later. The arena keeps what is freed in free lists
// and never returns pages between operations; large chunks are advised to use huge pages. On a machine where page
// faults cost a third of an eager framework's time, this is what removes them.
#pragma once

#include <cstddef>
#include <memory>

#include "tensor/tensor.h"

namespace easel {

// Storage of at least `size_bytes`, aligned to 64 bytes, not initialised. Thread safe. Throws ResourceExhausted.
std::shared_ptr<Storage> arena_allocate(size_t size_bytes);

struct ArenaStatistics {
  size_t in_use_bytes = 0;    // handed out now
  size_t reserved_bytes = 0;  // mapped from the system
  size_t peak_bytes = 0;      // highest in_use_bytes since the start
};
ArenaStatistics arena_statistics();

// Gives every chunk that holds nothing back to the system.
void arena_trim();

}  // namespace easel
