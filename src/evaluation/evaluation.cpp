#include "evaluation/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "datasets/picture_transform.h"
#include "datasets/step_random.h"
#include "easel/error.h"
#include "evaluation/frechet_distance.h"
#include "ops/ops.h"
#include "storybook/caption.h"
#include "storybook/drawing.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

using namespace storybook;

// Trainings draw their scenes from batches, which count from 0.
constexpr int64_t kPromptStream = -1;
constexpr int64_t kRenderStream = -2;

constexpr size_t kMaxReconstructed = 128;   // renders; the mean PSNR is then known to about 0.3 dB
constexpr double kMinSquaredError = 1e-10;  // 106 dB: beyond what 8 bits can show

struct Sample {
  Scene scene;
  Split split;
  uint64_t bits;
};

std::vector<Sample> sampled_scenes(const EvaluationOptions& options, int64_t stream) {
  std::vector<Sample> samples;
  for (int64_t i = 0; i < options.num_prompts; ++i) {
    const Split split = i < (options.num_prompts + 1) / 2 ? Split::train : Split::held_out;
    const uint64_t bits = random_bits(options.seed, stream, Purpose::wording, i);
    samples.push_back({sample_scene(options.world, split, bits), split, bits});
  }
  return samples;
}

AttributeScores scores_of(std::span<const SceneVerdict> verdicts, std::span<const PromptedScene> prompts, Split split) {
  std::vector<SceneVerdict> own;
  for (size_t i = 0; i < prompts.size(); ++i)
    if (prompts[i].split == split) own.push_back(verdicts[i]);
  return attribute_scores(own);
}

nlohmann::ordered_json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

nlohmann::ordered_json scores_to_json(const AttributeScores& scores) {
  return {{"kind", number_or_null(scores.kind)},       {"colour", number_or_null(scores.colour)},
          {"count", number_or_null(scores.count)},     {"relation", number_or_null(scores.relation)},
          {"setting", number_or_null(scores.setting)}, {"style", number_or_null(scores.style)}};
}

std::string formatted(const char* format, const std::optional<double>& value, double factor) {
  char text[32] = "-";
  if (value) std::snprintf(text, sizeof text, format, *value * factor);
  return text;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::vector<PromptedScene> evaluation_prompts(const EvaluationOptions& options) {
  std::vector<PromptedScene> prompts;
  for (const Sample& sample : sampled_scenes(options, kPromptStream))
    prompts.push_back(
        {.scene = sample.scene, .split = sample.split, .prompt = caption_full(sample.scene, sample.bits)});
  return prompts;
}

RealRenders evaluation_renders(const EvaluationOptions& options) {
  RealRenders renders;
  for (const Sample& sample : sampled_scenes(options, kRenderStream)) renders.scenes.push_back(sample.scene);
  renders.pictures.resize(renders.scenes.size());
  const auto draw_one = [&](size_t i) { renders.pictures[i] = draw(renders.scenes[i], options.size_px); };
  draw_one(0);  // where drawing cannot work at all, this throws; a task of parallel_for must not
  parallel_for(options.num_prompts - 1, [&](int64_t i, int) { draw_one(static_cast<size_t>(i) + 1); });
  return renders;
}

Evaluation evaluate_pictures(std::span<const PromptedScene> prompts, std::span<const Picture> pictures,
                             const RealRenders& renders, const Judges& judges) {
  std::vector<Scene> scenes;
  std::vector<std::string> captions;
  for (const PromptedScene& prompt : prompts) {
    scenes.push_back(prompt.scene);
    captions.push_back(prompt.prompt);
  }
  ScoredPictures made = judges.scorer.score(pictures, scenes);
  const ScoredPictures real = judges.scorer.score(renders.pictures, renders.scenes);
  Evaluation evaluation{.seen = scores_of(made.verdicts, prompts, Split::train),
                        .held_out = scores_of(made.verdicts, prompts, Split::held_out),
                        .scorer_accuracy = attribute_scores(real.verdicts),
                        .frechet = {},
                        .clip_score = {},
                        .vae_psnr = {},
                        .verdicts = std::move(made.verdicts)};
  if (made.features.dim(0) > 1 && real.features.dim(0) > 1)
    evaluation.frechet = frechet_distance(gaussian_statistics(made.features), gaussian_statistics(real.features));
  if (judges.clip != nullptr) evaluation.clip_score = mean_of(judges.clip->score(pictures, captions));
  if (judges.vae != nullptr) {
    const std::span<const Picture> all = renders.pictures;
    evaluation.vae_psnr =
        reconstruction_psnr(*judges.vae, all.first(std::min(all.size(), kMaxReconstructed)), judges.backend);
  }
  return evaluation;
}

double reconstruction_psnr(const AutoencoderKL& vae, std::span<const Picture> pictures, BackendKind backend) {
  std::vector<double> ratios;
  for (const Picture& picture : pictures) {
    Tensor image = Tensor::empty({1, picture.height_px, picture.width_px, 3});
    crop_to_values(picture, {picture.width_px, picture.height_px}, {}, image.f32());
    const Tensor latents = vae.encode(to_backend(image, backend)).mean;
    const Tensor scaled = to_host(latents);
    for (float& value : scaled.span()) value = (value - vae.config().shift_factor) * vae.config().scaling_factor;
    const Tensor decoded = clamp(to_host(vae.decode(to_backend(scaled, backend))), -1.0f, 1.0f);
    if (decoded.shape() != image.shape())
      throw Error(ErrorCode::InvalidArgument, "[psnr] pictures of " + std::to_string(picture.width_px) + "x" +
                                                  std::to_string(picture.height_px) +
                                                  " do not fit the autoencoder; sides must be multiples of " +
                                                  std::to_string(vae.config().downsampling()));
    double squares = 0;
    for (int64_t i = 0; i < image.numel(); ++i) squares += std::pow(double{decoded.f32()[i]} - image.f32()[i], 2);
    ratios.push_back(10 * std::log10(4 / std::max(squares / static_cast<double>(image.numel()), kMinSquaredError)));
  }
  return mean_of(ratios);
}

nlohmann::ordered_json evaluation_to_json(const Evaluation& evaluation) {
  return {{"seen", scores_to_json(evaluation.seen)},
          {"held_out", scores_to_json(evaluation.held_out)},
          {"scorer_accuracy", scores_to_json(evaluation.scorer_accuracy)},
          {"frechet", number_or_null(evaluation.frechet)},
          {"clip_score", number_or_null(evaluation.clip_score)},
          {"vae_psnr", number_or_null(evaluation.vae_psnr)}};
}

std::string evaluation_table(const Evaluation& evaluation) {
  const std::pair<const char*, std::optional<double> AttributeScores::*> rows[] = {
      {"kind", &AttributeScores::kind},       {"colour", &AttributeScores::colour},
      {"count", &AttributeScores::count},     {"relation", &AttributeScores::relation},
      {"setting", &AttributeScores::setting}, {"style", &AttributeScores::style}};
  char line[128];
  std::snprintf(line, sizeof line, "%-10s %10s %10s %18s\n", "right, %", "seen", "held out", "scorer on renders");
  std::string table = line;
  for (const auto& [name, score] : rows) {
    std::snprintf(line, sizeof line, "%-10s %10s %10s %18s\n", name,
                  formatted("%.1f", evaluation.seen.*score, 100).c_str(),
                  formatted("%.1f", evaluation.held_out.*score, 100).c_str(),
                  formatted("%.1f", evaluation.scorer_accuracy.*score, 100).c_str());
    table += line;
  }
  table += "\nFréchet distance " + formatted("%.3f", evaluation.frechet, 1) + ", CLIP score " +
           formatted("%.1f", evaluation.clip_score, 1) + ", PSNR of the autoencoder " +
           formatted("%.2f", evaluation.vae_psnr, 1) + " dB\n";
  return table;
}

}  // namespace easel
