// Any bytes as a safetensors file: they are read, or refused with an Error.
#include "easel/error.h"
#include "io/tensor_file.h"
#include "memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const easel::MemoryFile file(bytes, size);
  try {
    // Every element is touched: a tensor that reaches beyond its file would be found here.
    for (const auto& [name, tensor] : easel::read_safetensors(file.path()).tensors) tensor.clone();
  } catch (const easel::Error&) {
    return 0;
  }
  return 0;
}
