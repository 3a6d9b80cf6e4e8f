#include "training/clip_score.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "io/config_reader.h"
#include "io/json_reader.h"
#include "io/model_folder.h"
#include "io/tensor_file.h"
#include "text/prompt_chunks.h"
#include "training/picture_transform.h"

namespace easel {
namespace {

constexpr size_t kBatch = 32;

std::vector<float> channel_values(const ConfigReader& reader, const char* key, const std::vector<float>& fallback) {
  const std::vector<double> given = reader.numbers(key);
  if (given.empty()) return fallback;
  if (given.size() != 3 || std::ranges::any_of(given, [](double value) { return !(value > 0 && value < 10); }))
    reader.wrong(key, "three positive numbers");
  return {given.begin(), given.end()};
}

}  // namespace

ClipScorer ClipScorer::load(const std::filesystem::path& folder, BackendKind backend) {
  const ClipConfig config = ClipConfig::from_json(read_json(folder / "config.json"));
  const TensorFile file = read_safetensors(folder / kTransformersWeights);
  CheckpointWeights weights(file.tensors, "clip", backend);
  ClipScorer scorer(ClipTokenizer::load(folder), ClipModel(config, weights), backend);
  const std::filesystem::path preprocessor = folder / "preprocessor_config.json";
  const nlohmann::json json =
      std::filesystem::exists(preprocessor) ? read_json(preprocessor) : nlohmann::json::object();
  const ConfigReader reader(json, "preprocessor");
  // Where nothing is said: OpenAI's, as transformers' CLIPImageProcessor assumes.
  scorer.image_mean_ = channel_values(reader, "image_mean", {0.48145466f, 0.4578275f, 0.40821073f});
  scorer.image_std_ = channel_values(reader, "image_std", {0.26862954f, 0.26130258f, 0.27577711f});
  return scorer;
}

Tensor ClipScorer::pixel_values(std::span<const Picture> pictures) const {
  const int64_t size = model_.config().vision.image_size;
  Tensor values = Tensor::empty({static_cast<int64_t>(pictures.size()), size, size, 3});
  const auto side = static_cast<int>(size);
  for (int64_t n = 0; n < values.dim(0); ++n)
    crop_to_values(pictures[static_cast<size_t>(n)], {side, side}, {}, values.f32() + n * size * size * 3);
  for (int64_t i = 0; i < values.numel(); ++i) {
    const auto channel = static_cast<size_t>(i % 3);
    values.f32()[i] = (values.f32()[i] / 2 + 0.5f - image_mean_[channel]) / image_std_[channel];
  }
  return values;
}

std::vector<double> ClipScorer::score(std::span<const Picture> pictures, std::span<const std::string> captions) const {
  if (pictures.size() != captions.size())
    throw Error(ErrorCode::InvalidArgument, "[clip_score] " + std::to_string(pictures.size()) + " pictures for " +
                                                std::to_string(captions.size()) + " captions; must be as many");
  std::vector<double> scores;
  for (size_t begin = 0; begin < pictures.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, pictures.size() - begin);
    const Tensor images =
        to_host(model_.image_embeds(to_backend(pixel_values(pictures.subspan(begin, count)), backend_)));
    const Tensor texts = to_host(model_.text_embeds(plain_prompt_ids(tokenizer_, captions.subspan(begin, count))));
    const int64_t size = images.dim(1);
    for (int64_t n = 0; n < images.dim(0); ++n) {
      double cosine = 0;
      for (int64_t c = 0; c < size; ++c)
        cosine += static_cast<double>(images.f32()[n * size + c]) * texts.f32()[n * size + c];
      scores.push_back(100 * std::max(cosine, 0.0));
    }
  }
  return scores;
}

}  // namespace easel
