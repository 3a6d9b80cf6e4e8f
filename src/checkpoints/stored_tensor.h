// stored_tensor.h — from where a file says that tensors lie to tensors.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

struct StoredTensor {
  std::string name;
  DType dtype = DType::f32;
  Shape shape;
  size_t offset_bytes = 0;       // of the first element, from the start of the file
  std::vector<int64_t> strides;  // in elements, one per extent; empty: row-major without gaps
};

// The number of elements of a shape as a file gives it. False where an extent is negative or where the product of the
// extents, zeros aside, is too large for its bytes to be counted in 63 bits (so that no later product overflows).
bool checked_numel(const std::vector<int64_t>& extents, int64_t& numel);

// Views of the file where the elements lie row-major and aligned for their dtype; the others are copied together into
// one block. Throws CorruptFile where the copies would take more memory than the file is long, or where two tensors
// have one name. REQUIRES: every element lies inside the file.
std::map<std::string, Tensor> place_tensors(const std::shared_ptr<Storage>& file,
                                            const std::vector<StoredTensor>& stored, const std::string& file_name);

}  // namespace easel
