#include "evaluation/scene_scorer.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "checkpoints/tensor_file.h"
#include "datasets/picture_transform.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "ops/ops.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

using namespace storybook;

constexpr size_t kBatch = 32;  // pictures at once: enough to keep every core busy

// The scorer's output for one batch, read as answers.
class Readings {
 public:
  Readings(const SceneLabels& labels, const ScorerOutput& output, const Tensor& relations)
      : labels_(labels), output_(output), relations_(relations) {}

  SceneVerdict verdict(int64_t n, const Scene& scene) const {
    SceneVerdict verdict{.kind = kinds_shown(n) == kinds_of(scene),
                         .colour = true,
                         .count = true,
                         .relation = {},
                         .setting = best(output_.settings, n) == label_of(labels_.settings, scene.setting),
                         .style = best(output_.styles, n) == label_of(labels_.styles, scene.style)};
    for (const Subject& subject : scene.subjects) {
      if (has_colour(subject))
        verdict.colour =
            verdict.colour && best(output_.colours, n, subject.kind) == label_of(labels_.colours, subject.colour);
      verdict.count = verdict.count && best(output_.counts, n, subject.kind) == subject.count;
    }
    verdict.relation = relation_shown(n, scene);
    return verdict;
  }

 private:
  static int64_t best(const Tensor& logits, int64_t row) {
    const float* begin = logits.f32() + row * logits.dim(-1);
    return std::max_element(begin, begin + logits.dim(-1)) - begin;
  }
  // logits: [N, K, C]
  int64_t best(const Tensor& logits, int64_t n, Kind kind) const {
    return best(logits, n * logits.dim(1) + label_of(labels_.kinds, kind));
  }

  // More likely there, in whatever number, than not.
  bool shows(int64_t n, Kind kind) const {
    const int64_t counts = output_.counts.dim(2);
    const float* logits = output_.counts.f32() + (n * output_.counts.dim(1) + label_of(labels_.kinds, kind)) * counts;
    double odds = 0;
    for (int64_t c = 1; c < counts; ++c) odds += std::exp(static_cast<double>(logits[c]) - logits[0]);
    return odds > 1;
  }

  std::vector<Kind> kinds_shown(int64_t n) const {
    std::vector<Kind> shown;
    for (const Kind kind : labels_.kinds)
      if (shows(n, kind)) shown.push_back(kind);
    return shown;
  }

  static std::vector<Kind> kinds_of(const Scene& scene) {
    std::vector<Kind> kinds;
    for (const Subject& subject : scene.subjects) kinds.push_back(subject.kind);
    std::sort(kinds.begin(), kinds.end());
    return kinds;
  }

  std::optional<bool> relation_shown(int64_t n, const Scene& scene) const {
    if (scene.relation == Relation::none) return {};
    const Subject& subject = scene.subjects[0];
    if (!shows(n, subject.kind)) return false;
    if (scene.relation == Relation::wearing)
      return best(output_.accessories, n, subject.kind) == label_of(labels_.accessories, subject.accessory);
    return shows(n, scene.subjects[1].kind) && best(relations_, n) == label_of(labels_.relations, scene.relation);
  }

  const SceneLabels& labels_;
  const ScorerOutput& output_;
  const Tensor& relations_;
};

// The scenes' first two kinds; of a single subject the kind twice, whose answer nobody reads.
Tensor asked_relations(const ScorerModel& model, const ScorerOutput& output, std::span<const Scene> scenes) {
  const std::vector<Kind>& kinds = model.config().labels.kinds;
  std::vector<int32_t> first, second;
  for (const Scene& scene : scenes) {
    first.push_back(label_of(kinds, scene.subjects.front().kind));
    second.push_back(label_of(kinds, scene.subjects[scene.subjects.size() > 1 ? 1 : 0].kind));
  }
  const auto count = static_cast<int64_t>(scenes.size());
  return model.relations(output, Tensor::from({count}, first), Tensor::from({count}, second));
}

ScorerOutput on_host(const ScorerOutput& output) {
  return {.features = to_host(output.features),
          .counts = to_host(output.counts),
          .colours = to_host(output.colours),
          .accessories = to_host(output.accessories),
          .settings = to_host(output.settings),
          .styles = to_host(output.styles),
          .kinds = to_host(output.kinds)};
}

// [N, size, size, 3] in [-1, 1]
Tensor pixel_values(std::span<const Picture> pictures, int64_t size) {
  Tensor values = Tensor::empty({static_cast<int64_t>(pictures.size()), size, size, 3});
  const auto side = static_cast<int>(size);
  parallel_for(values.dim(0), [&](int64_t n, int) {
    crop_to_values(pictures[static_cast<size_t>(n)], {side, side}, {}, values.f32() + n * size * size * 3);
  });
  return values;
}

// The share of verdicts with `member`, of those that have it.
std::optional<double> share(std::span<const SceneVerdict> verdicts, bool SceneVerdict::*member) {
  if (verdicts.empty()) return {};
  const auto right =
      std::count_if(verdicts.begin(), verdicts.end(), [&](const SceneVerdict& verdict) { return verdict.*member; });
  return static_cast<double>(right) / static_cast<double>(verdicts.size());
}

// Throws Unsupported where the scorer does not know a kind of the scenes.
void check_known(const SceneLabels& labels, std::span<const Scene> scenes) {
  for (const Scene& scene : scenes)
    for (const Subject& subject : scene.subjects)
      if (label_of(labels.kinds, subject.kind) < 0)
        throw Error(ErrorCode::Unsupported,
                    std::string("[scorer] was not trained on the kind ") + kind_name(subject.kind));
}

}  // namespace

std::vector<SceneVerdict> judge(const SceneLabels& labels, const ScorerOutput& output, const Tensor& relations,
                                std::span<const Scene> scenes) {
  const Readings readings(labels, output, relations);
  std::vector<SceneVerdict> verdicts;
  for (size_t n = 0; n < scenes.size(); ++n) verdicts.push_back(readings.verdict(static_cast<int64_t>(n), scenes[n]));
  return verdicts;
}

SceneScorer SceneScorer::load(const std::filesystem::path& folder, BackendKind backend) {
  const ScorerConfig config = ScorerConfig::from_json(read_json(folder / "config.json"));
  const TensorFile file = read_safetensors(folder / "model.safetensors");
  CheckpointWeights weights(file.tensors, "scorer", backend);
  return SceneScorer(ScorerModel(config, weights), backend);
}

ScoredPictures SceneScorer::score(std::span<const Picture> pictures, std::span<const Scene> scenes) const {
  if (pictures.size() != scenes.size() || pictures.empty())
    throw Error(ErrorCode::InvalidArgument, "[scorer] " + std::to_string(pictures.size()) + " pictures for " +
                                                std::to_string(scenes.size()) +
                                                " scenes; must be as many, at least one");
  check_known(model_.config().labels, scenes);
  ScoredPictures scored;
  std::vector<Tensor> features;
  for (size_t begin = 0; begin < pictures.size(); begin += kBatch) {
    const size_t count = std::min(kBatch, pictures.size() - begin);
    const ScorerOutput output =
        model_(to_backend(pixel_values(pictures.subspan(begin, count), model_.config().image_size), backend_));
    const std::span<const Scene> asked = scenes.subspan(begin, count);
    const Tensor relations = to_host(asked_relations(model_, output, asked));
    const ScorerOutput readable = on_host(output);
    std::ranges::copy(judge(model_.config().labels, readable, relations, asked), std::back_inserter(scored.verdicts));
    features.push_back(readable.features);
  }
  scored.features = concat(features, 0);
  return scored;
}

AttributeScores attribute_scores(std::span<const SceneVerdict> verdicts) {
  AttributeScores scores{.kind = share(verdicts, &SceneVerdict::kind),
                         .colour = share(verdicts, &SceneVerdict::colour),
                         .count = share(verdicts, &SceneVerdict::count),
                         .relation = {},
                         .setting = share(verdicts, &SceneVerdict::setting),
                         .style = share(verdicts, &SceneVerdict::style)};
  int64_t stated = 0, right = 0;
  for (const SceneVerdict& verdict : verdicts) {
    stated += verdict.relation.has_value();
    right += verdict.relation.value_or(false);
  }
  if (stated > 0) scores.relation = static_cast<double>(right) / static_cast<double>(stated);
  return scores;
}

}  // namespace easel
