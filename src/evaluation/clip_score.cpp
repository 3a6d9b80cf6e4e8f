#include "evaluation/clip_score.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoints/model_folder.h"
#include "checkpoints/tensor_file.h"
#include "datasets/picture_transform.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "text/prompt_chunks.h"

namespace easel {
namespace {

constexpr size_t kBatch = 32;

}  // namespace

ClipScorer ClipScorer::load(const std::filesystem::path& folder, BackendKind backend) {
  const ClipConfig config = ClipConfig::from_json(read_json(folder / "config.json"));
  const TensorFile file = read_safetensors(folder / kTransformersWeights);
  CheckpointWeights weights(file.tensors, "clip", backend);
  ClipScorer scorer(ClipTokenizer::load(folder), ClipModel(config, weights), backend);
  scorer.normalization_ = read_pixel_normalization(folder);
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
    values.f32()[i] = values.f32()[i] * normalization_.scale[channel] + normalization_.shift[channel];
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
