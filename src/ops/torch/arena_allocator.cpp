#include "ops/torch/arena_allocator.h"

#include <c10/core/CPUAllocator.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "easel/error.h"
#include "ops/torch_settings.h"
#include "tensor/tensor.h"

namespace easel {
namespace {

// Below this malloc keeps pages by itself (glibc's M_MMAP_THRESHOLD is 128 KiB), and the arena's 4 KiB steps would
// waste.
constexpr size_t kArenaBytes = size_t{64} << 10;

// In front of every block, since LibTorch hands back nothing but its address.
struct alignas(64) Header {
  std::shared_ptr<Storage> arena_block;  // null: from malloc
};

void release(void* data) {
  if (data == nullptr) return;
  Header* const header = static_cast<Header*>(data) - 1;
  const std::shared_ptr<Storage> arena_block = std::move(header->arena_block);  // freed behind the header's end
  header->~Header();
  if (!arena_block) std::free(header);
}

void* allocate_block(size_t bytes) {
  if (bytes == 0) return nullptr;
  const size_t total = (sizeof(Header) + bytes + alignof(Header) - 1) / alignof(Header) * alignof(Header);
  Tensor block;
  if (bytes >= kArenaBytes && torch_cpu_kernels() == TorchCpuKernels::own)
    block = Tensor::empty({static_cast<int64_t>(total)}, DType::u8);
  void* const memory = block.defined() ? block.data<uint8_t>() : std::aligned_alloc(alignof(Header), total);
  if (memory == nullptr)
    throw Error(ErrorCode::ResourceExhausted,
                "[torch] out of memory: " + std::to_string(bytes >> 20) + " MiB asked for");
  return new (memory) Header{block.storage()} + 1;
}

// LibTorch 2 declares allocate without const and adds copy_data: both forms are here, and none is marked `override`, so
// that one of each serves every version.
struct ArenaAllocator final : at::Allocator {
  at::DataPtr allocate(size_t bytes) const {
    void* const data = allocate_block(bytes);
    return {data, data, &release, at::Device(at::kCPU)};
  }
  at::DataPtr allocate(size_t bytes) { return std::as_const(*this).allocate(bytes); }
  at::DeleterFnPtr raw_deleter() const { return &release; }
  void copy_data(void* to, const void* from, size_t bytes) const { std::memcpy(to, from, bytes); }
};

}  // namespace

void use_arena_for_cpu_tensors() {
  static ArenaAllocator* const allocator = new ArenaAllocator;  // never destroyed: tensors may outlive static objects
  c10::SetCPUAllocator(allocator, /*priority=*/1);              // LibTorch's own has 0
}

}  // namespace easel
