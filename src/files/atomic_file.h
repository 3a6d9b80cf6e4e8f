// atomic_file.h — a file that appears whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>

namespace easel {

// Written under a temporary name beside its final one; commit() flushes it to the disk and renames it. Destroyed
// without commit(), it leaves nothing behind. Not thread safe.
class AtomicFile {
 public:
  // Throws NotFound where the folder is missing, InvalidArgument where it cannot be written.
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Throws ResourceExhausted on a full disk, an exceeded quota or file size limit.
  void write(const void* data, size_t size_bytes);
  void commit();

 private:
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_path_;
  int fd_ = -1;
};

}  // namespace easel
