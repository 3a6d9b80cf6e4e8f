#include "checkpoints/stored_tensor.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "tensor/arena.h"

namespace easel {
namespace {

constexpr size_t kBlockAlignment = 8;  // of the widest element

size_t round_up(size_t size_bytes) { return (size_bytes + kBlockAlignment - 1) & ~(kBlockAlignment - 1); }

size_t size_bytes_of(const StoredTensor& stored) {
  return static_cast<size_t>(stored.shape.numel()) * dtype_size_bytes(stored.dtype);
}

bool is_row_major(const StoredTensor& stored) {
  if (stored.strides.empty() || stored.shape.numel() == 0) return true;
  int64_t expected = 1;
  for (int i = stored.shape.rank() - 1; i >= 0; --i) {
    if (stored.shape[i] != 1 && stored.strides[static_cast<size_t>(i)] != expected) return false;
    expected *= stored.shape[i];
  }
  return true;
}

bool can_be_viewed(const Storage& file, const StoredTensor& stored) {
  const auto address = reinterpret_cast<uintptr_t>(file.data()) + stored.offset_bytes;
  return is_row_major(stored) && address % dtype_size_bytes(stored.dtype) == 0;
}

// Copies the elements in row-major order, walking the strides like an odometer.
void copy_elements(const char* first, const StoredTensor& stored, char* out) {
  const size_t element = dtype_size_bytes(stored.dtype);
  const int64_t count = stored.shape.numel();
  if (is_row_major(stored)) {
    if (count > 0) std::memcpy(out, first, static_cast<size_t>(count) * element);
    return;
  }
  std::array<int64_t, Shape::kMaxRank> index{};
  int64_t position = 0;  // of the element, from the first
  for (int64_t i = 0; i < count; ++i) {
    std::memcpy(out + static_cast<size_t>(i) * element, first + position * static_cast<int64_t>(element), element);
    for (int axis = stored.shape.rank() - 1; axis >= 0; --axis) {
      const auto a = static_cast<size_t>(axis);
      position += stored.strides[a];
      if (++index[a] < stored.shape[axis]) break;
      position -= stored.strides[a] * stored.shape[axis];
      index[a] = 0;
    }
  }
}

}  // namespace

bool checked_numel(const std::vector<int64_t>& extents, int64_t& numel) {
  constexpr int64_t kWidestElement = 8;
  int64_t product = kWidestElement;
  numel = 1;
  for (const int64_t extent : extents) {
    if (extent < 0 || __builtin_mul_overflow(product, std::max<int64_t>(extent, 1), &product)) return false;
    numel *= extent;
  }
  return true;
}

std::map<std::string, Tensor> place_tensors(const std::shared_ptr<Storage>& file,
                                            const std::vector<StoredTensor>& stored, const std::string& file_name) {
  size_t copied_bytes = 0;
  for (const StoredTensor& tensor : stored)
    if (!can_be_viewed(*file, tensor)) copied_bytes += round_up(size_bytes_of(tensor));
  // The rounding adds less than a block per tensor, and a tensor takes more than that in the file's table.
  if (copied_bytes > file->size_bytes() + stored.size() * kBlockAlignment)
    throw Error(ErrorCode::CorruptFile, "[file] " + quoted_text(file_name) + ": overlapping tensors would take " +
                                            std::to_string(copied_bytes) + " bytes, more than the file");

  const std::shared_ptr<Storage> block = copied_bytes > 0 ? arena_allocate(copied_bytes) : nullptr;
  size_t block_offset = 0;
  std::map<std::string, Tensor> tensors;
  for (const StoredTensor& tensor : stored) {
    Tensor placed;
    if (tensor.shape.numel() == 0) {
      placed = Tensor::empty(tensor.shape, tensor.dtype);  // its offset means nothing and may lie anywhere
    } else if (can_be_viewed(*file, tensor)) {
      placed = Tensor(file, tensor.offset_bytes, tensor.shape, tensor.dtype);
    } else {
      placed = Tensor(block, block_offset, tensor.shape, tensor.dtype);
      copy_elements(static_cast<const char*>(file->data()) + tensor.offset_bytes, tensor,
                    static_cast<char*>(block->data()) + block_offset);
      block_offset += round_up(size_bytes_of(tensor));
    }
    if (!tensors.emplace(tensor.name, placed).second)
      throw Error(ErrorCode::CorruptFile,
                  "[file] " + quoted_text(file_name) + ": two tensors are named " + quoted_text(tensor.name));
  }
  return tensors;
}

}  // namespace easel
