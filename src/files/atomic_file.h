// atomic_file.h — a file that appears whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace easel {

// Written without a name; commit() flushes it to the disk and gives it its name. Without commit() it leaves nothing
// behind, even where the process is killed. On file systems without unnamed files it is written under a temporary name
// beside its final one, which a killed process leaves. Not thread safe.
class AtomicFile {
 public:
  enum class Temporary { unnamed, named };  // unnamed: where the file system can

  // Throws NotFound where the folder is missing, InvalidArgument where it cannot be written.
  explicit AtomicFile(const std::filesystem::path& path, Temporary temporary = Temporary::unnamed);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Throws ResourceExhausted on a full disk, an exceeded quota or file size limit, Cancelled where the thread's work is
  // to stop.
  void write(const void* data, size_t size_bytes);
  void commit();

 private:
  void write_back();
  bool link_to(const std::filesystem::path& name) const;
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_path_;
  bool named_ = false;  // whether temporary_path_ is there
  int fd_ = -1;
  int64_t written_ = 0, started_ = 0, awaited_ = 0;  // bytes: so far, on their way to the disk, known to be there
};

}  // namespace easel
