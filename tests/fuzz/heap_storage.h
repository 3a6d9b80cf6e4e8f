// heap_storage.h — fuzzed bytes as a tensor file's storage: a heap block of exactly their length, so that
// AddressSanitizer sees a read past the end, which it would not in a mapping's last page.
#pragma once

#include <memory>

#include "tensor/tensor.h"

namespace easel {

class HeapStorage final : public Storage {
 public:
  static std::shared_ptr<HeapStorage> copy_of(const uint8_t* bytes, size_t size);
  ~HeapStorage() override;

 private:
  HeapStorage(void* data, size_t size) : Storage(Device(), data, size) {}
};

}  // namespace easel
