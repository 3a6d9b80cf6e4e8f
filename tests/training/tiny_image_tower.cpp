#include "training/tiny_image_tower.h"

#include <nlohmann/json.hpp>

#include "checkpoints/model_folder.h"
#include "models/clip/clip_model.h"

namespace easel::test {
namespace {

// Remembers the random weights that a network asks for.
class RememberedWeights final : public WeightSource {
 public:
  Tensor get(const std::string& name, const Shape& shape) override {
    return tensors[name] = RandomWeights(1, DType::f32).get(name, shape);
  }
  bool has(const std::string&) const override { return true; }

  std::map<std::string, Tensor> tensors;
};

}  // namespace

void write_tiny_image_tower(const std::filesystem::path& folder, const nlohmann::json& preprocessor) {
  const nlohmann::json config = {{"projection_dim", 4},
                                 {"text_config", nlohmann::json::object()},
                                 {"vision_config",
                                  {{"hidden_size", 8},
                                   {"intermediate_size", 12},
                                   {"num_hidden_layers", 2},
                                   {"num_attention_heads", 2},
                                   {"image_size", 16},
                                   {"patch_size", 8}}}};
  RememberedWeights weights;
  const ClipVisionModel tower(ClipConfig::from_json(config).vision, weights);
  write_component(folder, config, kTransformersWeights, weights.tensors, DType::f32);
  write_json(folder / "preprocessor_config.json", preprocessor);
}

}  // namespace easel::test
