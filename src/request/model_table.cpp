#include "request/model_table.h"

namespace easel {

const ParameterTable<ModelRequest>& model_table() {
  using M = ModelRequest;
  // clang-format off
  static const ParameterTable<M> table{"model", {
      {.name = "model", .field = &M::model, .aliases = {"-m"},
       .help = "A diffusers folder, or a .safetensors or .ckpt file; empty takes EASEL_MODEL, or Easel's own."},
      {.name = "device", .field = &M::device, .help = "cpu, cuda, cuda:N or torch:cpu."},
      {.name = "variant", .field = &M::variant, .help = "Weight files of a folder to take: fp16, ema, …"},
      {.name = "prediction_type", .field = &M::prediction_type,
       .choices = {{"default", "epsilon", "v_prediction", "sample"}},
       .help = "What the network predicts; default takes what the model says."},
      {.name = "vocabulary", .field = &M::vocabulary,
       .help = "Folder with vocab.json and merges.txt, for models that bring none."},
  }};
  // clang-format on
  return table;
}

}  // namespace easel
