#include "storybook/stickers/sticker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/scorer_batch.h"
#include "easel/error.h"
#include "storybook/caption.h"
#include "storybook/drawing.h"
#include "storybook/held_out.h"
#include "storybook/kinds/picture_kinds.h"
#include "storybook/scene_labels.h"
#include "storybook/stickers/hsv.h"
#include "storybook/stickers/look.h"
#include "storybook/stickers/sticker_set.h"
#include "storybook/test_pictures.h"

namespace easel::storybook {
namespace {

using testing::HasSubstr;

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Hsv, ComesBackToTheSameColour) {
  for (const Rgb colour :
       {Rgb{0.9, 0.2, 0.1}, {0.1, 0.7, 0.3}, {0.2, 0.3, 0.95}, {0.5, 0.5, 0.5}, {0, 0, 0}, {1, 1, 0}})
    EXPECT_LT(distance(to_rgb(to_hsv(colour)), colour), 1e-9);
}

TEST(Sticker, KnowsItsBoxItsColourAndItsSizes) {
  const Sticker sticker(test::disc(220, 40, 40, 128), false);
  EXPECT_NEAR(sticker.box().left, 0.3, 0.02);
  EXPECT_NEAR(sticker.box().right, 0.7, 0.02);
  EXPECT_NEAR(sticker.box().high, 0.9, 0.02);
  EXPECT_NEAR(sticker.box().aspect(), 0.5, 0.03);
  EXPECT_LT(distance(sticker.main_colour(), {220 / 255.0, 40 / 255.0, 40 / 255.0}), 0.02);
  EXPECT_EQ(sticker.at_least(128).side_px, 128);
  EXPECT_EQ(sticker.at_least(1000).side_px, 128);
  EXPECT_EQ(sticker.at_least(33).side_px, 64);
  EXPECT_EQ(sticker.at_least(5).side_px, 32);
}

TEST(Sticker, ARimIsWhiteAndAroundTheThing) {
  const Sticker bare(test::disc(220, 40, 40, 128, 0.95), false), rimmed(test::disc(220, 40, 40, 128, 0.95), true);
  const ArgbImage& image = rimmed.at_least(128);
  EXPECT_EQ(image.at(0, 0) >> 24, 0u);
  int white = 0;
  for (const uint32_t pixel : image.pixels) white += pixel == 0xffffffffu;
  EXPECT_GT(white, 400);
  const Point middle = rimmed.placed({0.5, 0.5});
  EXPECT_NEAR(middle.x, 0.5, 1e-9);
  EXPECT_LT(rimmed.placed({0.5, 0.95}).y, 0.95);
}

TEST(Sticker, RecolouringTurnsTheMainHueAndLeavesTheRest) {
  const Sticker sticker(test::disc(220, 40, 40), false);
  const ArgbImage image = recoloured(sticker.at_least(64), sticker.main_colour(), colour_value(Colour::blue));
  EXPECT_LT(distance(opaque(image.at(32, 32)), colour_value(Colour::blue)), 0.1);
  EXPECT_EQ(image.at(32, 54), sticker.at_least(64).at(32, 54));  // the grey foot
  EXPECT_EQ(image.at(0, 0), 0u);
}

TEST(Sticker, StandsInTheMiddleOfASquare) {
  const Picture wide{.width_px = 64, .height_px = 32, .channels = 4, .pixels = std::vector<uint8_t>(64 * 32 * 4, 255)};
  const StickerBox box = Sticker(wide, false).box();
  EXPECT_NEAR(box.low, 0.25, 1e-9);
  EXPECT_NEAR(box.high, 0.75, 1e-9);
}

TEST(Sticker, WhatIsNoPictureOfAThingIsRefused) {
  const Picture opaque_one{.width_px = 64, .height_px = 64, .channels = 3, .pixels = std::vector<uint8_t>(64 * 64 * 3)};
  EXPECT_THAT(message_of([&] { Sticker(opaque_one, false); }), HasSubstr("transparency"));
  const Picture empty{.width_px = 64, .height_px = 64, .channels = 4, .pixels = std::vector<uint8_t>(64 * 64 * 4)};
  EXPECT_THAT(message_of([&] { Sticker(empty, false); }), HasSubstr("nothing in it"));
}

TEST(StickerSet, MissingSetsAndPicturesAreNamed) {
  easel::test::TemporaryFolder folder;
  StickerSet none(folder / "nowhere");
  EXPECT_THAT(message_of([&] { none.get("cat", "3d"); }), HasSubstr("scripts/fetch_picture_sets.sh"));
  folder.write("3d/readme", "");
  StickerSet empty(folder.path());
  const std::string message = message_of([&] { empty.get("cat", "3d"); });
  EXPECT_THAT(message, HasSubstr("cat"));
  EXPECT_THAT(message, HasSubstr("3d"));
}

TEST(PictureKinds, ABrokenRowIsNamed) {
  EXPECT_THAT(message_of([] { read_picture_kinds(R"([{"name": "cat", "nouns": ["cat"]}])"); }), HasSubstr("cat"));
  EXPECT_THAT(message_of([] { read_picture_kinds("[{"); }), HasSubstr("the table"));
}

TEST(PictureKinds, PluralsAreANounAndAnSOrGiven) {
  const std::vector<KindRow> rows = read_picture_kinds(
      R"([{"name": "x", "nouns": ["cat", "fox/foxes", "grapes"], "bare": ["grapes"], "family": "animals", "looks": ["3d"],
           "settings": ["park"], "colour": "red"}])");
  std::vector<std::string_view> plurals;
  for (const Noun& noun : rows[0].nouns) plurals.push_back(noun.plural);
  EXPECT_THAT(plurals, testing::ElementsAre("cats", "foxes", "grapes"));
}

TEST(Picturebook, ScenesAreOfTheWorldAndTheSameForASeed) {
  const World world = World::picturebook();
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const Scene scene = sample_scene(world, Split::train, seed);
    EXPECT_FALSE(is_held_out(scene));
    for (const Subject& subject : scene.subjects) {
      const KindRow& row = row_of(subject.kind);
      ASSERT_TRUE(row.picture);
      EXPECT_FALSE(look_of(*row.picture, scene.style).empty()) << row.name << " " << style_name(scene.style);
      const auto& own = row.picture->colours_in(look_of(*row.picture, scene.style), row.natural);
      EXPECT_TRUE(row.picture->recolourable || own.empty() || subject.colour == own.front()) << row.name;
      if (scene.setting == Setting::table) {
        EXPECT_THAT(row.at_home, testing::Contains(Setting::table)) << row.name;
      }
    }
    EXPECT_EQ(caption(scene, seed), caption(sample_scene(world, Split::train, seed), seed));
  }
}

TEST(Picturebook, HeldOutScenesShowAHeldOutPair) {
  for (uint64_t seed = 0; seed < 100; ++seed)
    EXPECT_TRUE(is_held_out(sample_scene(World::picturebook(), Split::held_out, seed)));
}

TEST(Picturebook, DrawingsAreTheSameBitForBitAndKnowWhatTheyShow) {
  test::use_test_pictures();
  for (uint64_t seed = 0; seed < 24; ++seed) {
    const Scene scene = sample_scene(World::picturebook(), Split::any, seed);
    const Drawing drawing = draw_with_truth(scene, 96, 96);
    EXPECT_EQ(drawing.picture.pixels, draw(scene, 96).pixels) << seed;
    size_t things = 0;
    for (const Subject& subject : scene.subjects) things += static_cast<size_t>(subject.count);
    ASSERT_EQ(drawing.truth.things.size(), things);
    ASSERT_EQ(drawing.truth.nearest.size(), 96u * 96u);
    for (size_t i = 0; i < things; ++i) {
      const DrawnThing& thing = drawing.truth.things[i];
      EXPECT_LT(thing.left, thing.right);
      EXPECT_LT(thing.top, thing.bottom);
      for (int y = 0; y < 96; ++y)
        for (int x = 0; x < 96; ++x) {
          if (drawing.truth.nearest[static_cast<size_t>(96 * y + x)] != i + 1) continue;
          EXPECT_TRUE(x >= thing.left && x < thing.right && y >= thing.top && y < thing.bottom);
        }
    }
  }
}

TEST(ScorerBatch, AMissingPictureIsAnErrorThatNamesIt) {
  const auto& sets = test::use_test_pictures();
  const std::filesystem::path zebra = sets / "3d/zebra.png", aside = sets / "zebra.png";
  std::filesystem::rename(zebra, aside);
  World world = World::picturebook_core().bare();
  world.kinds = {find_kind("cat", picture_kinds()), find_kind("zebra", picture_kinds())};
  EXPECT_THAT(message_of([&] { draw_scorer_batch({.world = world, .size_px = 32, .batch_size = 32}, 0); }),
              HasSubstr("zebra"));
  std::filesystem::rename(aside, zebra);
}

TEST(Picturebook, TheCoreIsAPartOfIt) {
  const World core = World::picturebook_core();
  EXPECT_GE(core.kinds.size(), 150u);
  EXPECT_LT(core.kinds.size(), picture_kinds().size());
  for (const char* name : {"cat", "lemon", "palm_tree", "couple", "woman_red_hair", "car", "astronaut", "dog"})
    EXPECT_NO_THROW(find_kind(name, core.kinds)) << name;
}

TEST(World, ABareOneShowsOneThingOnAColour) {
  for (const char* name : {"picturebook_core_bare", "first_bare"})
    for (uint64_t seed = 0; seed < 50; ++seed) {
      const Scene scene = sample_scene(find_world(name), Split::train, seed);
      EXPECT_TRUE(is_bare(scene.setting));
      ASSERT_EQ(scene.subjects.size(), 1u);
      EXPECT_EQ(scene.subjects[0].count, 1);
      EXPECT_EQ(scene.subjects[0].accessory, Accessory::none);
    }
  EXPECT_THROW(find_world("_bare"), Error);
}

TEST(SceneLabels, AreThoseOfTheWorldForPicturesAndAllForDrawings) {
  const SceneLabels pictures = SceneLabels::of(World::picturebook());
  EXPECT_EQ(pictures.kinds.size(), picture_kinds().size());
  EXPECT_EQ(label_of(pictures.kinds, picture_kinds()[3]), 3);
  EXPECT_EQ(label_of(pictures.kinds, drawn_kinds()[3]), -1);
  EXPECT_EQ(SceneLabels::of(World::first()), SceneLabels::of(World::whole()));
  EXPECT_EQ(SceneLabels::of(World::first()).settings.size(), 10u);
}

}  // namespace
}  // namespace easel::storybook
