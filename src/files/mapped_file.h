// mapped_file.h — a file's content as memory: mapped read-only, shared between processes, paged in when touched.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "tensor/tensor.h"

namespace easel {

// The Storage of tensors that are views of a file; the mapping lives as long as the last of them. Writing to it is a
// memory fault. The file must not be truncated meanwhile: replace files by renaming a new one over them.
class MappedFile final : public Storage {
 public:
  // Throws NotFound where there is no such file, InvalidArgument where it is no regular file or cannot be read,
  // ResourceExhausted where it cannot be mapped. An empty file gives data() == null and size_bytes() == 0.
  static std::shared_ptr<MappedFile> open(const std::filesystem::path& path);
  ~MappedFile() override;

 private:
  MappedFile(void* data, size_t size_bytes) : Storage(Device(), data, size_bytes) {}
};

// All bytes of a host storage.
std::string_view storage_bytes(const Storage& storage);

}  // namespace easel
