#include "heap_storage.h"

#include <cstdlib>
#include <cstring>

namespace easel {

std::shared_ptr<HeapStorage> HeapStorage::copy_of(const uint8_t* bytes, size_t size) {
  void* const data = std::malloc(size);
  if (size > 0) std::memcpy(data, bytes, size);
  return std::shared_ptr<HeapStorage>(new HeapStorage(data, size));
}

HeapStorage::~HeapStorage() { std::free(data()); }

}  // namespace easel
