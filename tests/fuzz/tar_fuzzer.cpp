// Any bytes as a tar archive: its index lists members that lie inside the file, or says why it ends early.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "datasets/tar_index.h"

namespace {

// One file per process, in memory where the system has such a folder.
const std::filesystem::path& archive() {
  static const std::filesystem::path path = [] {
    const std::filesystem::path memory = "/dev/shm";
    return (std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path()) /
           ("easel_tar_fuzzer_" + std::to_string(getpid()));
  }();
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  std::ofstream(archive(), std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  const easel::TarIndex index = easel::read_tar_index(archive());
  for (const easel::TarMember& member : index.members)
    if (member.offset_bytes > size || member.size_bytes > size - member.offset_bytes) std::abort();
  std::filesystem::remove(archive());
  return 0;
}
