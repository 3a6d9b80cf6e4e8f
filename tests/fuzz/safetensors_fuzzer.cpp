// Any bytes as a safetensors file: they are read, or refused with an Error. What is read is also taken as a checkpoint
// with LDM names: its configs are inferred and its weights renamed.
#include <nlohmann/json.hpp>

#include "checkpoints/checkpoint.h"
#include "checkpoints/ldm/ldm_config.h"
#include "checkpoints/ldm/ldm_layout.h"
#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "heap_storage.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace easel;
  try {
    TensorFile file = parse_safetensors(HeapStorage::copy_of(bytes, size), "fuzz");
    // Every element is touched: a tensor that reaches beyond its file would be found here.
    for (const auto& [name, tensor] : file.tensors) tensor.clone();
    file.tensors = without_wrapper(file.tensors);
    const auto configs = infer_ldm_configs(file, std::nullopt);
    for (const char* component : {"unet", "vae", "text_encoder", "text_encoder_2"})
      if (configs.contains(component)) {
        const WeightMap weights = ldm_to_diffusers(file.tensors, component, configs.at(component));
        diffusers_to_ldm(weights, component, configs.at(component));
      }
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
