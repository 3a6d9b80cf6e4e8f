// file_range.h — part of a file, read into memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace easel {

// Bytes offset..offset+size-1. Throws NotFound where there is no such file, InvalidArgument where it cannot be read,
// CorruptFile where it ends before.
std::vector<uint8_t> read_file_range(const std::filesystem::path& path, uint64_t offset_bytes, uint64_t size_bytes);

}  // namespace easel
