// tensor_file.h — files that hold named tensors: safetensors, and PyTorch's pickled checkpoints.
//
// Files are hostile input: every size, offset and name is checked before use. A bad one throws CorruptFile with one
// line that says which file and what is wrong; what is well-formed but not supported throws Unsupported.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "tensor/tensor.h"

namespace easel {

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  // safetensors' __metadata__; the numbers and texts at the top of a pickled dictionary ("global_step").
  std::map<std::string, std::string> metadata;
};

// Tensors are views of the mapped file (read-only, shared between processes, kept alive by the tensors).
TensorFile read_safetensors(const std::filesystem::path& path);
// Written under a temporary name beside `path`, then renamed. Host tensors only. Throws ResourceExhausted on a full
// disk, InvalidArgument or NotFound where the folder cannot be written.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

// A .ckpt / .pt / .bin of torch.save, zip or legacy stream, through an unpickler that executes nothing: only tensors
// and plain containers are built; any other global is refused and named. Nested dictionaries give names joined by ".";
// lists are not looked into. Tensors are views of the mapped file wherever they are contiguous there.
TensorFile read_pickle(const std::filesystem::path& path);

// Chooses by content (not by extension).
TensorFile read_tensor_file(const std::filesystem::path& path);

// The same over bytes in memory that the tensors keep alive. `name` is the file's name for messages.
TensorFile parse_safetensors(const std::shared_ptr<Storage>& file, const std::string& name);
TensorFile parse_pickle(const std::shared_ptr<Storage>& file, const std::string& name);

}  // namespace easel
