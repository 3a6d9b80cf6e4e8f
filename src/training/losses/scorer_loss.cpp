#include "training/losses/scorer_loss.h"

#include "datasets/step_random.h"
#include "ops/ops.h"
#include "training/losses/losses.h"

namespace easel {
namespace {

using namespace storybook;

constexpr int32_t kNoLabel = -1;  // the row does not count

// A mean over 40 kinds, most of them absent in every picture; the others are means over what is there.
constexpr double kCountWeight = 10.0;

struct Labels {
  std::vector<int32_t> counts, colours, accessories;  // [N * K]
  std::vector<int32_t> first, second, relations;      // [N]
  std::vector<int32_t> settings, styles;              // [N]
};

int32_t colour_label(const SceneLabels& known, const Subject& subject) {
  return has_colour(subject) ? label_of(known.colours, subject.colour) : kNoLabel;
}

void add_kinds(const SceneLabels& known, const Scene& scene, uint64_t bits, Labels& labels) {
  const size_t kinds = known.kinds.size(), row = labels.counts.size();
  labels.counts.resize(row + kinds, 0);
  labels.colours.resize(row + kinds, kNoLabel);
  labels.accessories.resize(row + kinds, kNoLabel);
  if (scene.subjects.size() == 1) {
    const auto asked = static_cast<size_t>(random_below(bits, static_cast<int64_t>(kinds)));
    labels.colours[row + asked] = colour_label(known, scene.subjects[0]);
  }
  for (const Subject& subject : scene.subjects) {
    const size_t place = row + static_cast<size_t>(label_of(known.kinds, subject.kind));
    labels.counts[place] = subject.count;
    labels.colours[place] = colour_label(known, subject);
    labels.accessories[place] = label_of(known.accessories, subject.accessory);
  }
}

void add_relation(const SceneLabels& known, const Scene& scene, uint64_t bits, Labels& labels) {
  const bool related = relates_subjects(scene.relation);
  const Relation backwards = reversed(scene.relation);
  const bool turned = related && backwards != Relation::none && bits % 2 == 1;
  const Kind kinds[2] = {scene.subjects[0].kind, scene.subjects[related ? 1 : 0].kind};
  labels.first.push_back(label_of(known.kinds, kinds[turned ? 1 : 0]));
  labels.second.push_back(label_of(known.kinds, kinds[turned ? 0 : 1]));
  labels.relations.push_back(!related ? kNoLabel : label_of(known.relations, turned ? backwards : scene.relation));
}

Labels labels_of(const SceneLabels& known, std::span<const Scene> scenes, uint64_t draw) {
  Labels labels;
  for (size_t n = 0; n < scenes.size(); ++n) {
    const uint64_t bits = random_bits(draw, 0, Purpose::wording, static_cast<int64_t>(n));
    add_kinds(known, scenes[n], bits, labels);
    add_relation(known, scenes[n], bits, labels);
    labels.settings.push_back(label_of(known.settings, scenes[n].setting));
    labels.styles.push_back(label_of(known.styles, scenes[n].style));
  }
  return labels;
}

// logits: [N, K, C]
Tensor by_kind(const Tensor& logits, std::span<const int32_t> labels) {
  return cross_entropy(reshape(logits, {logits.dim(0) * logits.dim(1), logits.dim(2)}), labels);
}

}  // namespace

Relation reversed(Relation relation) {
  switch (relation) {
    case Relation::left_of: return Relation::right_of;
    case Relation::right_of: return Relation::left_of;
    case Relation::above: return Relation::below;
    case Relation::below: return Relation::above;
    case Relation::none:
    case Relation::on:
    case Relation::wearing:
    case Relation::holding: return Relation::none;
  }
  return Relation::none;
}

bool relates_subjects(Relation relation) { return relation != Relation::none && relation != Relation::wearing; }

StepLoss scorer_loss(const ScorerModel& model, const ScorerOutput& output, std::span<const Scene> scenes,
                     uint64_t draw) {
  const Labels labels = labels_of(model.config().labels, scenes, draw);
  const auto count = static_cast<int64_t>(scenes.size());
  const Tensor relations =
      model.relations(output, Tensor::from({count}, labels.first), Tensor::from({count}, labels.second));
  StepLoss loss;
  loss.terms = {{"count", by_kind(output.counts, labels.counts)},
                {"colour", by_kind(output.colours, labels.colours)},
                {"accessory", by_kind(output.accessories, labels.accessories)},
                {"relation", cross_entropy(relations, labels.relations)},
                {"setting", cross_entropy(output.settings, labels.settings)},
                {"style", cross_entropy(output.styles, labels.styles)}};
  std::vector<std::pair<double, Tensor>> weighted;
  for (const LossTerm& term : loss.terms) weighted.emplace_back(term.name == "count" ? kCountWeight : 1.0, term.value);
  loss.total = weighted_sum(weighted);
  return loss;
}

}  // namespace easel
