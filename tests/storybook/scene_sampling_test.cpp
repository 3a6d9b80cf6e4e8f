#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "easel/error.h"
#include "storybook/held_out.h"
#include "storybook/kind_row.h"
#include "storybook/scene_json.h"
#include "storybook/world.h"

namespace easel::storybook {
namespace {

constexpr int kScenes = 5000;

template <typename T>
bool contains(const std::vector<T>& items, T item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

std::string text_of(const Scene& scene) { return scene_to_json(scene).dump(); }

TEST(SampleScene, SeedGivesTheSameSceneOnEveryMachine) {
  EXPECT_EQ(
      text_of(sample_scene(World::small(), Split::train, 1)),
      R"({"setting":"room","time":"day","weather":"clear","style":"flat","relation":"none","seed":10426079717999358874,"held_out":false,"subjects":[{"kind":"lemon","colour":"orange","count":1}]})");
  EXPECT_EQ(
      text_of(sample_scene(World::whole(), Split::train, 2)),
      R"({"setting":"room","time":"sunset","weather":"clear","style":"watercolour","relation":"none","seed":4086292742513199618,"held_out":false,"subjects":[{"kind":"couple","colour":"red","count":1}]})");
  EXPECT_EQ(
      text_of(sample_scene(World::whole(), Split::held_out, 3)),
      R"({"setting":"city","time":"sunset","weather":"clear","style":"pixel_art","relation":"none","seed":1100585372161217997,"held_out":true,"subjects":[{"kind":"moon","colour":"pink","count":1},{"kind":"couple","colour":"orange","count":1},{"kind":"fish","colour":"green","count":1}]})");
}

TEST(SampleScene, TrainingNeverShowsAHeldOutCombination) {
  for (const World& world : {World::small(), World::whole()})
    for (uint64_t seed = 0; seed < kScenes; ++seed)
      ASSERT_FALSE(is_held_out(sample_scene(world, Split::train, seed))) << world.name << " " << seed;
}

TEST(SampleScene, HeldOutScenesAllShowOne) {
  for (const World& world : {World::small(), World::whole()})
    for (uint64_t seed = 0; seed < kScenes; ++seed)
      ASSERT_TRUE(is_held_out(sample_scene(world, Split::held_out, seed))) << world.name << " " << seed;
}

TEST(SampleScene, EveryHeldOutPairOfTheWorldComesUp) {
  std::set<std::pair<Kind, int>> seen;  // kind; 0 colour, 1 setting, 2 style
  for (uint64_t seed = 0; seed < kScenes; ++seed) {
    const Scene scene = sample_scene(World::whole(), Split::held_out, seed);
    for (const Subject& subject : scene.subjects) {
      const HeldOut& pair = row_of(subject.kind).held_out;
      if (subject.colour == pair.colour) seen.insert({subject.kind, 0});
      if (scene.setting == pair.setting) seen.insert({subject.kind, 1});
      if (scene.style == pair.style) seen.insert({subject.kind, 2});
    }
  }
  EXPECT_EQ(seen.size(), 3 * drawn_kinds().size());
}

TEST(KindRow, HeldOutPairsLeaveNaturalOnesToTraining) {
  for (const Kind kind : drawn_kinds()) {
    const HeldOut& held_out = row_of(kind).held_out;
    EXPECT_FALSE(contains(row_of(kind).natural, held_out.colour)) << kind_name(kind);
    EXPECT_NE(held_out.setting, Setting::plain) << kind_name(kind);
    EXPECT_NE(held_out.style, Style::flat) << kind_name(kind);
  }
}

TEST(KindRow, EveryRowIsWhole) {
  for (const Kind kind : drawn_kinds()) {
    const KindRow& row = row_of(kind);
    EXPECT_FALSE(row.nouns.empty()) << row.name;
    EXPECT_FALSE(row.natural.empty()) << row.name;
    EXPECT_FALSE(row.at_home.empty()) << row.name;
    EXPECT_NE(row.draw, nullptr) << row.name;
    EXPECT_EQ(find_kind(row.name), kind);
  }
}

void expect_within(const World& world, const Scene& scene) {
  EXPECT_TRUE(contains(world.settings, scene.setting));
  EXPECT_TRUE(contains(world.styles, scene.style));
  EXPECT_TRUE(contains(world.relations, scene.relation));
  EXPECT_TRUE(scene.time == TimeOfDay::day || (has_time(scene.setting) && contains(world.times, scene.time)));
  EXPECT_TRUE(scene.weather == Weather::clear ||
              (has_weather(scene.setting) && contains(world.weathers, scene.weather)));
  ASSERT_GE(scene.subjects.size(), 1u);
  ASSERT_LE(scene.subjects.size(), static_cast<size_t>(world.max_subjects));
  for (const Subject& subject : scene.subjects) {
    EXPECT_TRUE(contains(world.kinds, subject.kind));
    EXPECT_TRUE(contains(world.colours, subject.colour));
    EXPECT_TRUE(contains(world.accessories, subject.accessory));
    EXPECT_GE(subject.count, 1);
    EXPECT_LE(subject.count, world.max_count);
  }
}

TEST(SampleScene, ScenesStayWithinTheirWorld) {
  for (const World& world : {World::small(), World::whole()})
    for (uint64_t seed = 0; seed < kScenes; ++seed) expect_within(world, sample_scene(world, Split::any, seed));
}

TEST(SampleScene, RelationsHoldBetweenWhatCanHaveThem) {
  for (uint64_t seed = 0; seed < kScenes; ++seed) {
    const Scene scene = sample_scene(World::whole(), Split::any, seed);
    const Subject& first = scene.subjects[0];
    if (scene.relation == Relation::wearing) {
      EXPECT_EQ(scene.subjects.size(), 1u);
      EXPECT_NE(first.accessory, Accessory::none);
      EXPECT_TRUE(row_of(first.kind).has(can_wear));
      EXPECT_NE(first.accessory_colour, first.colour);
    } else if (scene.relation != Relation::none) {
      ASSERT_EQ(scene.subjects.size(), 2u);
      EXPECT_EQ(first.count, 1);
      if (scene.relation == Relation::on) {
        EXPECT_TRUE(row_of(scene.subjects[1].kind).has(can_carry));
      }
      if (scene.relation == Relation::holding) {
        EXPECT_TRUE(row_of(first.kind).has(can_hold));
      }
    }
  }
}

TEST(SampleScene, EveryLabelIsCommonEnoughToLearn) {
  std::map<std::string, int> seen;
  for (uint64_t seed = 0; seed < kScenes; ++seed) {
    const Scene scene = sample_scene(World::whole(), Split::train, seed);
    ++seen[kind_name(scene.subjects[0].kind)];
    ++seen[std::string("colour ") + colour_name(scene.subjects[0].colour)];
    ++seen[std::string("setting ") + setting_name(scene.setting)];
    ++seen[std::string("style ") + style_name(scene.style)];
    ++seen[std::string("relation ") + relation_name(scene.relation)];
    ++seen["count " + std::to_string(scene.subjects[0].count)];
    ++seen[std::string("accessory ") + accessory_name(scene.subjects[0].accessory)];
  }
  EXPECT_EQ(seen.size(), 40u + 12u + 10u + 7u + 8u + 4u + 5u);
  for (const auto& [label, count] : seen) EXPECT_GE(count, kScenes / 200) << label;  // 0.5 %
}

TEST(SampleScene, AWorldOfOneKindAndColourStillHasScenes) {
  World world = World::whole();
  world.kinds = {find_kind("cat")};
  world.colours = {Colour::red};
  for (uint64_t seed = 0; seed < 200; ++seed) EXPECT_EQ(sample_scene(world, Split::train, seed).subjects.size(), 1u);
  world.emphasise(find_kind("cat"));  // listed three times, it is still one kind
  for (uint64_t seed = 0; seed < 200; ++seed) EXPECT_EQ(sample_scene(world, Split::train, seed).subjects.size(), 1u);
}

TEST(World, EmphasisedKindsComeThreeTimesAsOften) {
  World world = World::first();
  world.emphasise(find_kind("cat"));
  std::map<Kind, int> seen;
  for (uint64_t seed = 0; seed < kScenes; ++seed) ++seen[sample_scene(world, Split::any, seed).subjects[0].kind];
  EXPECT_EQ(seen.size(), 16u);
  const double expected = kScenes * 3.0 / 18;
  EXPECT_NEAR(seen[find_kind("cat")], expected, 5 * std::sqrt(expected));
  EXPECT_NEAR(seen[find_kind("dog")], expected / 3, 5 * std::sqrt(expected / 3));
}

TEST(World, EmphasisOfWhatItDoesNotHaveIsNamed) {
  World world = World::small();
  try {
    world.emphasise(find_kind("fox"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[storybook] world small has no fox");
  }
}

TEST(SampleScene, ImpossibleSplitIsNamed) {
  World world = World::small();
  world.kinds = {find_kind("cat")};
  world.colours = {Colour::red};
  world.settings = {Setting::plain};
  world.styles = {Style::flat};
  EXPECT_THROW(sample_scene(world, Split::held_out, 1), Error);
  world.colours = {Colour::green};
  EXPECT_THROW(sample_scene(world, Split::train, 1), Error);
}

TEST(SceneNames, AreFoundAgainAndOthersRefused) {
  for (const Kind kind : drawn_kinds()) EXPECT_EQ(find_kind(kind_name(kind)), kind);
  for (const Colour colour : all_colours()) EXPECT_EQ(find_colour(colour_name(colour)), colour);
  for (const Setting setting : all_settings()) EXPECT_EQ(find_setting(setting_name(setting)), setting);
  for (const Style style : all_styles()) EXPECT_EQ(find_style(style_name(style)), style);
  EXPECT_THROW(find_kind("unicorn"), Error);
  EXPECT_THROW(find_world("large"), Error);
  EXPECT_THROW(find_split("test"), Error);
}

}  // namespace
}  // namespace easel::storybook
