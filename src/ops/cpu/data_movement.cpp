#include "ops/cpu/data_movement.h"

#include <algorithm>
#include <array>
#include <string>

#include "easel/error.h"
#include "tensor/parallel.h"

namespace easel::cpu {
namespace {

// Rows of a copy that one task moves: about this many bytes, so that a task outweighs its hand-out.
constexpr int64_t kTaskBytes = int64_t{1} << 18;

char* bytes_of(const Tensor& x) { return static_cast<char*>(x.storage()->data()) + x.offset_bytes(); }

// body(row) for row = 0..rows-1, split into tasks by the bytes a row moves.
template <typename Body>
void for_each_row(int64_t rows, int64_t row_bytes, const Body& body) {
  const int64_t rows_per_task = std::max<int64_t>(1, kTaskBytes / std::max<int64_t>(1, row_bytes));
  parallel_for((rows + rows_per_task - 1) / rows_per_task, [&](int64_t task, int) {
    const int64_t end = std::min(rows, (task + 1) * rows_per_task);
    for (int64_t row = task * rows_per_task; row < end; ++row) body(row);
  });
}

// `runs` runs of `size` bytes each, so many bytes apart at either end. Long ones are split: along the first axis there
// is one alone.
struct Runs {
  int64_t runs, size, from_stride, to_stride;
};
void copy_runs(const char* from, char* to, const Runs& r) {
  const int64_t pieces = std::max<int64_t>(1, (r.size + kTaskBytes - 1) / kTaskBytes);
  for_each_row(r.runs * pieces, std::min(r.size, kTaskBytes), [&](int64_t row) {
    const int64_t run = row / pieces, begin = row % pieces * kTaskBytes;
    std::copy_n(from + run * r.from_stride + begin, std::min(kTaskBytes, r.size - begin),
                to + run * r.to_stride + begin);
  });
}

int64_t product(const Shape& shape, int begin, int end) {
  int64_t result = 1;
  for (int i = begin; i < end; ++i) result *= shape[i];
  return result;
}

// Bytes of one index of `axis`: the element times the extents behind it.
int64_t inner_bytes(const Tensor& x, int axis) {
  return product(x.shape(), axis + 1, x.rank()) * static_cast<int64_t>(dtype_size_bytes(x.dtype()));
}

void convert_row(const Tensor& table, int64_t row, float* out) {
  const int64_t columns = table.dim(1);
  switch (table.dtype()) {
    case DType::f32: std::copy_n(table.data<float>() + row * columns, columns, out); break;
    case DType::f16:
      std::transform(table.data<uint16_t>() + row * columns, table.data<uint16_t>() + (row + 1) * columns, out,
                     f16_to_f32);
      break;
    case DType::bf16:
      std::transform(table.data<uint16_t>() + row * columns, table.data<uint16_t>() + (row + 1) * columns, out,
                     bf16_to_f32);
      break;
    default: break;  // refused by ops.cpp
  }
}

void require_index(const char* op, int64_t index, int64_t position, int64_t limit) {
  if (index < 0 || index >= limit)
    throw Error(ErrorCode::InvalidArgument, std::string("[") + op + "] id " + std::to_string(index) + " at position " +
                                                std::to_string(position) + "; must be 0.." + std::to_string(limit - 1));
}

}  // namespace

Tensor concat(const std::vector<Tensor>& tensors, int axis) {
  int64_t extent = 0;
  for (const Tensor& tensor : tensors) extent += tensor.dim(axis);
  Tensor y = Tensor::empty(tensors[0].shape().with(axis, extent), tensors[0].dtype());
  const int64_t inner = inner_bytes(y, axis), rows = product(y.shape(), 0, axis);
  if (extent * inner > kTaskBytes) {
    char* out = bytes_of(y);
    for (const Tensor& tensor : tensors) {
      const int64_t size = tensor.dim(axis) * inner;
      copy_runs(bytes_of(tensor), out, {.runs = rows, .size = size, .from_stride = size, .to_stride = extent * inner});
      out += size;
    }
    return y;
  }
  for_each_row(rows, extent * inner, [&](int64_t row) {
    char* out = bytes_of(y) + row * extent * inner;
    for (const Tensor& tensor : tensors) {
      const int64_t size = tensor.dim(axis) * inner;
      out = std::copy_n(bytes_of(tensor) + row * size, size, out);
    }
  });
  return y;
}

Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end) {
  Tensor y = Tensor::empty(x.shape().with(axis, end - begin), x.dtype());
  const int64_t inner = inner_bytes(x, axis), size = (end - begin) * inner;
  copy_runs(bytes_of(x) + begin * inner, bytes_of(y),
            {.runs = product(x.shape(), 0, axis), .size = size, .from_stride = x.dim(axis) * inner, .to_stride = size});
  return y;
}

Tensor permute(const Tensor& x, const std::vector<int>& order) {
  const int rank = x.rank();
  if (rank == 0) return x;
  std::array<int64_t, Shape::kMaxRank> extents{}, strides{};  // strides of x in bytes, in the order of y
  for (int i = 0; i < rank; ++i) {
    extents[static_cast<size_t>(i)] = x.dim(order[static_cast<size_t>(i)]);
    strides[static_cast<size_t>(i)] = inner_bytes(x, order[static_cast<size_t>(i)]);
  }
  Tensor y = Tensor::empty(Shape(extents.data(), rank), x.dtype());
  const int64_t size = static_cast<int64_t>(dtype_size_bytes(x.dtype())), columns = y.dim(-1);
  const int64_t column_stride = strides[static_cast<size_t>(rank - 1)];
  for_each_row(product(y.shape(), 0, rank - 1), columns * size, [&](int64_t row) {
    const char* in = bytes_of(x);
    int64_t rest = row;
    for (int i = rank - 2; i >= 0; --i) {
      in += rest % y.dim(i) * strides[static_cast<size_t>(i)];
      rest /= y.dim(i);
    }
    char* out = bytes_of(y) + row * columns * size;
    for (int64_t column = 0; column < columns; ++column) out = std::copy_n(in + column * column_stride, size, out);
  });
  return y;
}

Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width) {
  const int64_t in_height = x.dim(1), in_width = x.dim(2);
  Tensor y = Tensor::empty({x.dim(0), height, width, x.dim(3)}, x.dtype());
  const int64_t pixel = inner_bytes(x, 2);
  for_each_row(x.dim(0) * height, width * pixel, [&](int64_t row) {
    const int64_t in_row = row / height * in_height + row % height * in_height / height;
    char* out = bytes_of(y) + row * width * pixel;
    for (int64_t column = 0; column < width; ++column)
      out = std::copy_n(bytes_of(x) + (in_row * in_width + column * in_width / width) * pixel, pixel, out);
  });
  return y;
}

Tensor embedding(const Tensor& ids, const Tensor& table) {
  Shape shape = ids.shape();
  std::array<int64_t, Shape::kMaxRank> extents{};
  std::copy(shape.begin(), shape.end(), extents.begin());
  extents[static_cast<size_t>(shape.rank())] = table.dim(1);
  Tensor y = Tensor::empty(Shape(extents.data(), shape.rank() + 1));
  for (int64_t i = 0; i < ids.numel(); ++i) {
    const int64_t id = ids.data<int32_t>()[i];
    require_index("embedding", id, i, table.dim(0));
    convert_row(table, id, y.f32() + i * table.dim(1));
  }
  return y;
}

Tensor select_token(const Tensor& x, const Tensor& index) {
  Tensor y = Tensor::empty({x.dim(0), x.dim(2)}, x.dtype());
  const int64_t token = inner_bytes(x, 1);
  for (int64_t n = 0; n < x.dim(0); ++n) {
    const int64_t id = index.data<int32_t>()[n];
    require_index("select_token", id, n, x.dim(1));
    std::copy_n(bytes_of(x) + (n * x.dim(1) + id) * token, token, bytes_of(y) + n * token);
  }
  return y;
}

}  // namespace easel::cpu
