// memory_file.h — fuzzed bytes as a file that exists only in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace easel {

class MemoryFile {
 public:
  MemoryFile(const uint8_t* bytes, size_t size);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const;  // valid while the object lives

 private:
  int descriptor_;
};

}  // namespace easel
