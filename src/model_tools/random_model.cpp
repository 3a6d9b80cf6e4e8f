#include "model_tools/random_model.h"

#include "checkpoints/model_folder.h"
#include "checkpoints/model_package_writer.h"
#include "diffusion/scheduler_config.h"
#include "easel/error.h"
#include "files/unfinished_output.h"
#include "model_tools/network_shapes.h"
#include "models/clip/clip_text_model.h"
#include "models/unet/unet.h"
#include "models/vae/autoencoder_kl.h"
#include "text/byte_pair_encoding.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

// Random weights that remember what they gave: building a model on them tells its tensors.
class RecordingWeights final : public WeightSource {
 public:
  explicit RecordingWeights(uint64_t seed) : random_(seed) {}
  Tensor get(const std::string& name, const Shape& shape) override {
    return recorded_[name] = random_.get(name, shape);
  }
  bool has(const std::string& name) const override { return random_.has(name); }
  const std::map<std::string, Tensor>& recorded() const { return recorded_; }

 private:
  RandomWeights random_;
  std::map<std::string, Tensor> recorded_;
};

template <typename Model, typename Config>
void add_random_network(ModelPackageWriter& package, const std::string& component, const nlohmann::json& config,
                        uint64_t seed) {
  RecordingWeights weights(seed);
  const Model model(Config::from_json(config), weights);
  package.add_network(component, config, weights.recorded());
}

// CLIP's vocabulary without its merges: 256 bytes inside words, 256 at their ends, and the two special tokens.
void write_byte_tokenizer(const fs::path& folder, const char* pad_token) {
  nlohmann::json vocabulary;
  for (const char* ending : {"", "</w>"})
    for (const std::string& symbol : byte_alphabet()) vocabulary[symbol + ending] = vocabulary.size();
  for (const char* special : {"<|startoftext|>", "<|endoftext|>"}) vocabulary[special] = vocabulary.size();
  write_json(folder / "vocab.json", vocabulary);
  write_text(folder / "merges.txt", "#version: 0.2\n");
  write_json(folder / "tokenizer_config.json",
             {{"tokenizer_class", "CLIPTokenizer"}, {"model_max_length", 77}, {"pad_token", pad_token}});
}

// Removes what has been written where the model does not come to its end.
class UnfinishedModel {
 public:
  explicit UnfinishedModel(const fs::path& folder) : folder_(folder), was_there_(fs::exists(folder)) {}
  ~UnfinishedModel() {
    std::error_code ignored;
    if (finished_) return;
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) fs::remove_all(entry.path(), ignored);
    if (!was_there_) fs::remove(folder_, ignored);
  }
  UnfinishedModel(const UnfinishedModel&) = delete;
  UnfinishedModel& operator=(const UnfinishedModel&) = delete;
  void finish() { finished_ = true; }

 private:
  UnfinishedOutput unfinished_;  // until what follows is removed
  const fs::path& folder_;
  bool was_there_, finished_ = false;
};

}  // namespace

void write_random_model(const fs::path& folder, const RandomModelOptions& options) {
  const NetworkShape shape = network_shape(options.shape);
  if (fs::exists(folder) && !fs::is_empty(folder))
    throw Error(ErrorCode::InvalidArgument, "[model] " + folder.string() + " exists and is not empty");
  UnfinishedModel unfinished(folder);
  nlohmann::json unet = shape.unet, vae = shape.vae;
  unet["_class_name"] = "UNet2DConditionModel";
  vae["_class_name"] = "AutoencoderKL";
  unet.update(options.unet_changes.is_null() ? nlohmann::json::object() : options.unet_changes);

  ModelPackageWriter package(folder);
  for (size_t i = 0; i < shape.text_encoders.size(); ++i) {
    const std::string suffix = i == 0 ? "" : "_2";
    write_byte_tokenizer(package.add_folder("tokenizer" + suffix), i == 0 ? "<|endoftext|>" : "!");
    add_random_network<ClipTextModel, ClipTextConfig>(package, "text_encoder" + suffix, shape.text_encoders[i],
                                                      options.seed + i);
  }
  add_random_network<UNet2DConditionModel, UNetConfig>(package, "unet", unet, options.seed);
  add_random_network<AutoencoderKL, AutoencoderConfig>(package, "vae", vae, options.seed);
  package.add_scheduler(stable_diffusion_scheduler_config());
  if (shape.text_encoders.size() > 1) package.set("force_zeros_for_empty_prompt", true);
  package.write_index();
  unfinished.finish();
}

}  // namespace easel
