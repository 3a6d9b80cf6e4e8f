#include "storybook/caption.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "storybook/kind_row.h"
#include "storybook/words.h"
#include "storybook/world.h"

namespace easel::storybook {
namespace {

constexpr uint64_t kScenes = 3000;

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; }

// Whether `phrase` stands in `text` as whole words.
bool says(const std::string& text, std::string_view phrase) {
  for (size_t at = text.find(phrase); at != std::string::npos; at = text.find(phrase, at + 1)) {
    const size_t end = at + phrase.size();
    if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

bool says_any(const std::string& text, std::span<const std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) { return says(text, phrase); });
}

bool says_kind(const std::string& text, Kind kind) {
  const std::vector<Noun>& nouns = row_of(kind).nouns;
  return std::any_of(nouns.begin(), nouns.end(),
                     [&](const Noun& noun) { return says(text, noun.singular) || says(text, noun.plural); });
}

bool says_relation(const std::string& text, Relation relation) {
  switch (relation) {
    case Relation::none: return true;
    case Relation::wearing: return says(text, "wearing") || says(text, "with") || says(text, "in");
    case Relation::left_of:
    case Relation::right_of: return says(text, "left") || says(text, "right");
    case Relation::above:
    case Relation::below:
      return says_any(text, relation_phrases(Relation::above)) || says_any(text, relation_phrases(Relation::below));
    default: return says_any(text, relation_phrases(relation));
  }
}

bool says_style(const std::string& text, Style style) {
  return says_any(text, style_names(style)) || says_any(text, style_works(style));
}

int word_count(const std::string& text) { return 1 + static_cast<int>(std::count(text.begin(), text.end(), ' ')); }

TEST(CaptionFull, SaysEverythingThatAScorerLooksAt) {
  for (uint64_t seed = 0; seed < kScenes; ++seed) {
    const Scene scene = sample_scene(World::whole(), Split::any, seed);
    const std::string text = caption_full(scene, seed);
    for (const Subject& subject : scene.subjects) {
      EXPECT_TRUE(says_kind(text, subject.kind)) << text;
      EXPECT_TRUE(says_any(text, colour_words(subject.colour))) << text;
      if (subject.count > 1) {
        EXPECT_TRUE(says_any(text, count_words(subject.count))) << text;
      }
      if (subject.accessory != Accessory::none) {
        EXPECT_TRUE(says_any(text, accessory_phrases(subject.accessory))) << text;
      }
    }
    EXPECT_TRUE(says_relation(text, scene.relation)) << text;
    EXPECT_TRUE(says_any(text, setting_phrases(scene.setting))) << text;
    EXPECT_TRUE(says_style(text, scene.style)) << text;
    if (scene.time != TimeOfDay::day) {
      EXPECT_TRUE(says_any(text, time_phrases(scene.time))) << text;
    }
    if (scene.weather != Weather::clear) {
      EXPECT_TRUE(says_any(text, weather_phrases(scene.weather))) << text;
    }
    EXPECT_LE(word_count(text), 26) << text;
  }
}

TEST(CaptionFull, SidesAreNotTurnedRound) {
  Scene scene;
  scene.subjects = {{.kind = find_kind("cat"), .colour = Colour::red},
                    {.kind = find_kind("dog"), .colour = Colour::blue}};
  scene.relation = Relation::left_of;
  const auto first_of = [](const std::string& text, std::initializer_list<std::string_view> nouns) {
    size_t at = std::string::npos;
    for (const std::string_view noun : nouns) at = std::min(at, text.find(noun));
    return at;
  };
  for (uint64_t variation = 0; variation < 200; ++variation) {
    const std::string text = caption_full(scene, variation);
    const bool cat_first = first_of(text, {"cat", "kitten", "kitty"}) < first_of(text, {"dog", "puppy"});
    const bool says_left = text.find("left") != std::string::npos;
    EXPECT_EQ(cat_first, says_left) << text;  // "the cat left of the dog", "the dog right of the cat"
  }
}

TEST(Caption, NeverNamesWhatThePictureDoesNotShow) {
  for (uint64_t seed = 0; seed < kScenes; ++seed) {
    const Scene scene = sample_scene(World::whole(), Split::any, seed);
    const std::string text = caption(scene, seed);
    std::set<Kind> kinds;
    std::set<Colour> colours;
    for (const Subject& subject : scene.subjects) {
      kinds.insert(subject.kind);
      colours.insert(subject.colour);
      if (subject.accessory == Accessory::hat || subject.accessory == Accessory::scarf)
        colours.insert(subject.accessory_colour);
      if (subject.accessory == Accessory::red_hair) colours.insert(Colour::red);
      if (subject.accessory == Accessory::bunny_ears) kinds.insert(find_kind("rabbit"));
    }
    if (kinds.contains(find_kind("palm"))) kinds.insert(find_kind("tree"));  // "palm tree"
    if (kinds.contains(find_kind("orange"))) colours.insert(Colour::orange);
    if (colours.contains(Colour::orange)) kinds.insert(find_kind("orange"));
    if (scene.setting == Setting::plain) colours.insert(Colour::white);
    for (const Kind kind : drawn_kinds())
      if (!kinds.contains(kind)) {
        EXPECT_FALSE(says_kind(text, kind)) << text << ": " << kind_name(kind);
      }
    for (const Colour colour : all_colours())
      if (!colours.contains(colour)) {
        EXPECT_FALSE(says_any(text, colour_words(colour))) << text;
      }
    for (const Style style : World::whole().styles)
      if (style != scene.style) {
        EXPECT_FALSE(says_style(text, style)) << text << ": " << style_name(style);
      }
    EXPECT_LE(word_count(text), 26) << text;
  }
}

TEST(Caption, MostMentionEachLabel) {
  int colour = 0, count = 0, counted = 0, setting = 0, style = 0, styled = 0;
  for (uint64_t seed = 0; seed < kScenes; ++seed) {
    const Scene scene = sample_scene(World::whole(), Split::train, seed);
    const std::string text = caption(scene, seed);
    const Subject& subject = scene.subjects[0];
    EXPECT_TRUE(says_kind(text, subject.kind)) << text;
    colour += says_any(text, colour_words(subject.colour));
    setting += says_any(text, setting_phrases(scene.setting)) || says_any(text, setting_tags(scene.setting));
    if (scene.style != Style::flat) styled += 1, style += says_style(text, scene.style);
    if (subject.count > 1) counted += 1, count += says_any(text, count_words(subject.count));
  }
  EXPECT_GE(colour, static_cast<int>(0.8 * kScenes));
  EXPECT_GE(setting, static_cast<int>(0.75 * kScenes));
  EXPECT_GE(style, static_cast<int>(0.8 * styled));
  EXPECT_GE(count, static_cast<int>(0.8 * counted));
}

TEST(Caption, OneSceneHasManyWordings) {
  const Scene scene = sample_scene(World::whole(), Split::train, 7);
  std::set<std::string> wordings;
  for (uint64_t variation = 0; variation < 300; ++variation) wordings.insert(caption(scene, variation));
  EXPECT_GE(wordings.size(), 100u);
  EXPECT_EQ(caption(scene, 5), caption(scene, 5));
}

TEST(Caption, ArticlesSuitTheNextWord) {
  for (uint64_t seed = 0; seed < kScenes; ++seed) {
    const std::string text = " " + caption(sample_scene(World::whole(), Split::any, seed), seed) + " ";
    for (const char vowel : {'a', 'e', 'i', 'o', 'u'})
      EXPECT_EQ(text.find(std::string(" a ") + vowel), std::string::npos) << text;
    EXPECT_EQ(text.find("  "), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace easel::storybook
