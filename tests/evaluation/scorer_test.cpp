// The scorer's network, what it is taught, and what its answers are worth.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "evaluation/scene_scorer.h"
#include "training/losses/scorer_loss.h"

namespace easel {
namespace {

using namespace storybook;

constexpr float kSure = 30.0f;  // a logit beside zeros: probability 1 to f32

ScorerConfig tiny_config() {
  return {.image_size = 16, .block_out_channels = {8, 16}, .norm_num_groups = 4, .num_attention_heads = 2};
}

ScorerModel tiny_model() {
  RandomWeights weights(3, DType::f32);
  return ScorerModel(tiny_config(), weights);
}

Scene scene_of(std::vector<Subject> subjects, Relation relation = Relation::none) {
  Scene scene;
  scene.setting = Setting::beach;
  scene.style = Style::pencil;
  scene.subjects = std::move(subjects);
  scene.relation = relation;
  return scene;
}

const Subject kThreeRedLemons{.kind = find_kind("lemon"), .colour = Colour::red, .count = 3};
const Subject kBlueCat{.kind = find_kind("cat"), .colour = Colour::blue, .count = 1};
const Subject kGreenTrees{.kind = find_kind("tree"), .colour = Colour::green, .count = 2};
const Subject kDogInHat{.kind = find_kind("dog"), .colour = Colour::brown, .count = 1, .accessory = Accessory::hat};

// Logits as a scorer gives them that is sure of what it says.
class Answers {
 public:
  Answers() {
    const auto kinds = static_cast<int64_t>(drawn_kinds().size());
    output.features = Tensor::zeros({1, 4});
    output.counts = Tensor::zeros({1, kinds, 5});
    for (int64_t k = 0; k < kinds; ++k) set(output.counts, k, 0);
    output.colours = Tensor::zeros({1, kinds, static_cast<int64_t>(all_colours().size())});
    output.accessories = Tensor::zeros({1, kinds, static_cast<int64_t>(all_accessories().size())});
    output.settings = Tensor::zeros({1, static_cast<int64_t>(all_settings().size())});
    output.styles = Tensor::zeros({1, static_cast<int64_t>(all_styles().size())});
    relations = Tensor::zeros({1, static_cast<int64_t>(all_relations().size())});
  }

  explicit Answers(const Scene& scene) : Answers() {
    for (const Subject& subject : scene.subjects) {
      set(output.counts, static_cast<int64_t>(subject.kind), subject.count);
      set(output.colours, static_cast<int64_t>(subject.kind), static_cast<int64_t>(subject.colour));
      set(output.accessories, static_cast<int64_t>(subject.kind), static_cast<int64_t>(subject.accessory));
    }
    set(output.settings, 0, static_cast<int64_t>(scene.setting));
    set(output.styles, 0, static_cast<int64_t>(scene.style));
    set(relations, 0, static_cast<int64_t>(scene.relation));
  }

  SceneVerdict on(const Scene& scene) const {
    return judge(SceneLabels::of(World::whole()), output, relations, {&scene, 1}).front();
  }

  ScorerOutput output;
  Tensor relations;

 private:
  static void set(Tensor& logits, int64_t row, int64_t label) {
    const int64_t classes = logits.dim(-1);
    for (int64_t c = 0; c < classes; ++c) logits.f32()[row * classes + c] = c == label ? kSure : 0.0f;
  }
};

void expect_all_right(const SceneVerdict& verdict) {
  EXPECT_TRUE(verdict.kind && verdict.colour && verdict.count && verdict.setting && verdict.style);
  EXPECT_TRUE(verdict.relation.value_or(true));
}

TEST(SceneScorer, WhatWasAskedForIsRight) {
  for (const Scene& scene :
       {scene_of({kThreeRedLemons}), scene_of({kBlueCat, kGreenTrees}),
        scene_of({kBlueCat, kGreenTrees}, Relation::left_of), scene_of({kDogInHat}, Relation::wearing)})
    expect_all_right(Answers(scene).on(scene));
}

TEST(SceneScorer, EachWrongAttributeIsWrongAlone) {
  const Scene scene = scene_of({kBlueCat});
  const auto verdict_where = [&](const auto& change) {
    Scene shown = scene;
    change(shown);
    return Answers(shown).on(scene);
  };
  const SceneVerdict colour = verdict_where([](Scene& shown) { shown.subjects[0].colour = Colour::red; });
  EXPECT_FALSE(colour.colour);
  EXPECT_TRUE(colour.kind && colour.count && colour.setting && colour.style);
  const SceneVerdict count = verdict_where([](Scene& shown) { shown.subjects[0].count = 2; });
  EXPECT_FALSE(count.count);
  EXPECT_TRUE(count.kind && count.colour);
  EXPECT_FALSE(verdict_where([](Scene& shown) { shown.setting = Setting::snow; }).setting);
  EXPECT_FALSE(verdict_where([](Scene& shown) { shown.style = Style::flat; }).style);
}

TEST(SceneScorer, KindNeedsEveryKindAndNoOther) {
  const Scene both = scene_of({kBlueCat, kGreenTrees}), cat = scene_of({kBlueCat});
  EXPECT_FALSE(Answers(cat).on(both).kind);
  EXPECT_FALSE(Answers(both).on(cat).kind);
  EXPECT_TRUE(Answers(both).on(both).kind);
}

// Probabilities 0.4 for none and 0.6 shared by the numbers: it is there, though no number is likelier than none.
TEST(SceneScorer, KindIsThereWhereAllNumbersTogetherAreLikelierThanNone) {
  const Scene scene = scene_of({kBlueCat});
  Answers answers(scene);
  float* counts = answers.output.counts.f32() + static_cast<int64_t>(find_kind("cat")) * 5;
  counts[0] = std::log(0.4f);
  for (int i = 1; i < 5; ++i) counts[i] = std::log(0.15f);
  EXPECT_TRUE(answers.on(scene).kind);
  EXPECT_FALSE(answers.on(scene).count);
}

TEST(SceneScorer, RelationNeedsBothSubjectsAndIsUnsetWithoutOne) {
  const Scene stated = scene_of({kBlueCat, kGreenTrees}, Relation::on);
  const Scene turned = scene_of({kBlueCat, kGreenTrees}, Relation::above);
  EXPECT_EQ(Answers(stated).on(stated).relation, std::optional(true));
  EXPECT_EQ(Answers(turned).on(stated).relation, std::optional(false));
  EXPECT_EQ(Answers(scene_of({kBlueCat}, Relation::on)).on(stated).relation, std::optional(false));
  EXPECT_EQ(Answers(stated).on(scene_of({kBlueCat, kGreenTrees})).relation, std::nullopt);
  const Scene hat = scene_of({kDogInHat}, Relation::wearing);
  Subject bare = kDogInHat;
  bare.accessory = Accessory::scarf;
  EXPECT_EQ(Answers(scene_of({bare})).on(hat).relation, std::optional(false));
}

TEST(AttributeScores, AreSharesOfWhatWasAsked) {
  const SceneVerdict right{
      .kind = true, .colour = true, .count = true, .relation = true, .setting = true, .style = true};
  const SceneVerdict wrong{};
  const std::vector<SceneVerdict> verdicts{right, wrong, right, right};
  const AttributeScores scores = attribute_scores(verdicts);
  EXPECT_DOUBLE_EQ(scores.kind.value(), 0.75);
  EXPECT_DOUBLE_EQ(scores.relation.value(), 1.0);  // `wrong` states none
  EXPECT_EQ(attribute_scores({}).kind, std::nullopt);
}

TEST(ScorerModel, GivesAnswersForEveryKindOfEveryPicture) {
  const ScorerModel model = tiny_model();
  const ScorerOutput output = model(RandomWeights(5, DType::f32).get("pictures", {2, 16, 16, 3}));
  EXPECT_EQ(output.features.shape(), (Shape{2, 16}));
  EXPECT_EQ(output.counts.shape(), (Shape{2, 40, 5}));
  EXPECT_EQ(output.colours.shape(), (Shape{2, 40, 12}));
  const Tensor first = Tensor::from({2}, std::vector<int32_t>{0, 4});
  const Tensor second = Tensor::from({2}, std::vector<int32_t>{7, 4});
  EXPECT_EQ(model.relations(output, first, second).shape(), (Shape{2, 8}));
  EXPECT_THROW(model(Tensor::zeros({1, 8, 8, 3})), Error);
}

TEST(ScorerConfig, SurvivesItsFileAndRefusesTheLabelsOfAnotherWorld) {
  nlohmann::json json = tiny_config().to_json();
  EXPECT_EQ(ScorerConfig::from_json(json).to_json(), json);
  json["kinds"][3] = "griffin";
  EXPECT_THROW(ScorerConfig::from_json(json), Error);
  json = tiny_config().to_json();
  json["block_out_channels"] = {8, 18};
  EXPECT_THROW(ScorerConfig::from_json(json), Error);
}

// The loss is that of the labels: next to nothing where every answer is sure and right, large where one is wrong, and
// then only in its own term.
TEST(ScorerLoss, IsSmallForRightAnswersAndNamesTheWrongOne) {
  const ScorerModel model = tiny_model();
  const Scene scene = scene_of({kBlueCat, kGreenTrees});
  Answers answers(scene);
  answers.output.kinds = Tensor::zeros({1, 40, 16});
  const auto terms_of = [&](const Scene& taught) {
    std::map<std::string, float> terms;
    for (const LossTerm& term : scorer_loss(model, answers.output, {&taught, 1}, 0).terms)
      terms[term.name] = term.value.f32()[0];
    return terms;
  };
  for (const auto& [name, value] : terms_of(scene)) EXPECT_LT(value, 1e-4f) << name;
  Scene other = scene;
  other.subjects[1].colour = Colour::pink;
  const auto terms = terms_of(other);
  EXPECT_GT(terms.at("colour"), 5.0f);
  for (const char* name : {"count", "accessory", "relation", "setting", "style"})
    EXPECT_LT(terms.at(name), 1e-4f) << name;
}

TEST(ScorerLoss, RelationsAreTaughtInBothOrders) {
  EXPECT_EQ(reversed(Relation::left_of), Relation::right_of);
  EXPECT_EQ(reversed(Relation::above), Relation::below);
  EXPECT_EQ(reversed(Relation::holding), Relation::none);
  EXPECT_FALSE(relates_subjects(Relation::wearing));
}

}  // namespace
}  // namespace easel
