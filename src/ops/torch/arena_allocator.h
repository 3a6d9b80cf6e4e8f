// arena_allocator.h — LibTorch's CPU tensors in the arena, so that no page goes back to the system between steps.
#pragma once

namespace easel {

// From now on LibTorch takes the memory of its CPU tensors from the arena (tensor/arena.h), while torch_cpu_kernels()
// is `own`; small ones, and all while it is `libtorch`, come from malloc as LibTorch's do. Tensors that exist already
// keep theirs.
void use_arena_for_cpu_tensors();

}  // namespace easel
