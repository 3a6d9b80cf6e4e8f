// tar_writer.h — tar archives, as WebDataset shards are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "files/atomic_file.h"

namespace easel {

// Plain POSIX.1-1988 "ustar" members without owner and time, so that equal content gives equal files. The archive
// appears whole with finish() or not at all. Not thread safe.
class TarWriter {
 public:
  // Throws as AtomicFile.
  explicit TarWriter(const std::filesystem::path& path);

  // Throws InvalidArgument for a name that is empty or longer than 100 bytes, or content of 8 GiB or more.
  void add(const std::string& name, std::span<const uint8_t> content);
  void add(const std::string& name, const std::string& content);
  void finish();

 private:
  AtomicFile file_;
};

}  // namespace easel
