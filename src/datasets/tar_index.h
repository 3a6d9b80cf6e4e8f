// tar_index.h — where the members of a tar archive lie, so that each can be read by itself.
//
// POSIX.1-1988 ustar with the extensions that archives of the field carry: pax extended headers (POSIX.1-2001: path and
// size), GNU long names, and base-256 sizes. Read here rather than by a library because libraries read archives from
// front to back, and a training reads them in any order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace easel {

struct TarMember {
  std::string name;  // as stored, without a leading "./"
  uint64_t offset_bytes = 0;
  uint64_t size_bytes = 0;
};

struct TarIndex {
  std::vector<TarMember> members;  // regular files, in their order
  std::string problem;             // why the archive ends early; empty where it is whole
};

// One pass over the headers; what lies between is skipped, not read. What comes before a broken header is kept. Throws
// NotFound where there is no such file, InvalidArgument where it cannot be read.
TarIndex read_tar_index(const std::filesystem::path& path);

}  // namespace easel
