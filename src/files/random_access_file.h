// random_access_file.h — a file that is read and written at offsets.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace easel {

// Thread safe as far as the ranges do not overlap. Errors are one line with the path: NotFound where there is no such
// file, CorruptFile where it ends before a range, ResourceExhausted on a full disk, InvalidArgument otherwise.
class RandomAccessFile {
 public:
  enum class Mode { read, read_write, create };  // create: read_write, made new, an old one emptied
  RandomAccessFile(const std::filesystem::path& path, Mode mode);
  ~RandomAccessFile();
  RandomAccessFile(const RandomAccessFile&) = delete;
  RandomAccessFile& operator=(const RandomAccessFile&) = delete;

  uint64_t size_bytes() const;
  void read(uint64_t offset_bytes, void* data, uint64_t size_bytes) const;
  std::vector<uint8_t> read(uint64_t offset_bytes, uint64_t size_bytes) const;
  void write(uint64_t offset_bytes, const void* data, uint64_t size_bytes);
  // Makes the file this long, with zeros at the end, and takes the space on the disk.
  void allocate(uint64_t size_bytes);
  // Cuts off what is behind.
  void truncate(uint64_t size_bytes);
  // Makes this the only one of all openings that holds the lock, until it is closed. False where another has it.
  bool try_lock();
  // Returns when what was written is on the disk.
  void sync();

 private:
  [[noreturn]] void fail(int error_number) const;
  void require_range(uint64_t offset_bytes, uint64_t size_bytes) const;

  std::filesystem::path path_;
  int fd_ = -1;
};

}  // namespace easel
