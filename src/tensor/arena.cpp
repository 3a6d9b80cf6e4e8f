#include "tensor/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <unordered_map>

#include "easel/error.h"

namespace easel {
namespace {

// Best fit with coalescing over large mapped chunks. Blocks are multiples of 4 KiB, so neighbouring blocks of different
// threads share no cache line; a chunk is at least 64 MiB so that huge pages apply.
constexpr size_t kAlignment = 4096;
constexpr size_t kChunkBytes = size_t{64} << 20;

size_t round_up(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

class Arena {
 public:
  char* allocate(size_t size) {
    const std::lock_guard lock(mutex_);
    auto fit = free_by_size_.lower_bound(size);
    if (fit == free_by_size_.end()) {
      add_chunk(size);
      fit = free_by_size_.lower_bound(size);
    }
    char* const block = fit->second;
    const size_t available = fit->first;
    take_free(block, available);
    if (available > size) put_free(block + size, available - size);
    used_[block] = size;
    statistics_.in_use_bytes += size;
    statistics_.peak_bytes = std::max(statistics_.peak_bytes, statistics_.in_use_bytes);
    return block;
  }

  void release(char* block) {
    const std::lock_guard lock(mutex_);
    const auto used = used_.find(block);
    size_t size = used->second;
    used_.erase(used);
    statistics_.in_use_bytes -= size;
    // Merge with the free neighbours of the same chunk.
    const auto next = free_by_address_.find(block + size);
    if (next != free_by_address_.end() && !chunks_.contains(next->first)) {
      size += next->second;
      take_free(next->first, next->second);
    }
    const auto after = free_by_address_.lower_bound(block);
    if (after != free_by_address_.begin() && !chunks_.contains(block)) {
      const auto [previous, previous_size] = *std::prev(after);
      if (previous + previous_size == block) {
        take_free(previous, previous_size);
        block = previous;
        size += previous_size;
      }
    }
    put_free(block, size);
  }

  void trim() {
    const std::lock_guard lock(mutex_);
    for (auto chunk = chunks_.begin(); chunk != chunks_.end();) {
      const auto free = free_by_address_.find(chunk->first);
      if (free == free_by_address_.end() || free->second != chunk->second) {
        ++chunk;
        continue;
      }
      take_free(chunk->first, chunk->second);
      munmap(chunk->first, chunk->second);
      statistics_.reserved_bytes -= chunk->second;
      chunk = chunks_.erase(chunk);
    }
  }

  ArenaStatistics statistics() {
    const std::lock_guard lock(mutex_);
    return statistics_;
  }

 private:
  void add_chunk(size_t size) {
    const size_t bytes = std::max(kChunkBytes, round_up(size, size_t{2} << 20));
    void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      throw Error(ErrorCode::ResourceExhausted,
                  "[arena] out of memory: " + std::to_string(bytes >> 20) + " MiB more asked for");
    madvise(memory, bytes, MADV_HUGEPAGE);
    chunks_[static_cast<char*>(memory)] = bytes;
    statistics_.reserved_bytes += bytes;
    put_free(static_cast<char*>(memory), bytes);
  }

  void put_free(char* block, size_t size) {
    free_by_address_[block] = size;
    free_by_size_.emplace(size, block);
  }

  void take_free(char* block, size_t size) {
    free_by_address_.erase(block);
    auto [it, end] = free_by_size_.equal_range(size);
    while (it != end && it->second != block) ++it;
    free_by_size_.erase(it);
  }

  std::mutex mutex_;
  std::map<char*, size_t> chunks_;           // start -> size
  std::map<char*, size_t> free_by_address_;  // start -> size
  std::multimap<size_t, char*> free_by_size_;
  std::unordered_map<char*, size_t> used_;
  ArenaStatistics statistics_;
};

// Never destroyed: tensors in static objects may outlive it otherwise.
Arena& arena() {
  static Arena* const instance = new Arena;
  return *instance;
}

class ArenaStorage final : public Storage {
 public:
  ArenaStorage(char* block, size_t size_bytes) : Storage(Device(), block, size_bytes), block_(block) {}
  ~ArenaStorage() override { arena().release(block_); }

 private:
  char* block_;
};

}  // namespace

std::shared_ptr<Storage> arena_allocate(size_t size_bytes) {
  const size_t size = round_up(std::max<size_t>(size_bytes, 1), kAlignment);
  return std::make_shared<ArenaStorage>(arena().allocate(size), size);
}

ArenaStatistics arena_statistics() { return arena().statistics(); }
void arena_trim() { arena().trim(); }

}  // namespace easel
