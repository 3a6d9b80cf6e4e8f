#include "storybook/words.h"

#include <vector>

namespace easel::storybook {
namespace {

using Words = std::vector<std::string_view>;

}  // namespace

std::span<const std::string_view> colour_words(Colour colour) {
  // in the order of Colour
  static const std::vector<Words> words = {{"red", "scarlet", "crimson"},
                                           {"orange"},
                                           {"yellow", "golden"},
                                           {"green", "emerald"},
                                           {"teal", "turquoise"},
                                           {"blue", "azure"},
                                           {"purple", "violet"},
                                           {"pink", "rosy"},
                                           {"brown", "chestnut"},
                                           {"black", "jet-black"},
                                           {"white"},
                                           {"grey", "gray"}};
  return words[static_cast<size_t>(colour)];
}

std::span<const std::string_view> count_words(int count) {
  static const std::vector<Words> words = {{"one", "a single"},
                                           {"two", "2", "a pair of"},
                                           {"three", "3", "a group of three"},
                                           {"four", "4", "a group of four"}};
  return words[static_cast<size_t>(count - 1)];
}

std::span<const std::string_view> setting_phrases(Setting setting) {
  // in the order of Setting
  static const std::vector<Words> phrases = {
      {"on a white background", "on plain white", "on a plain white background", "isolated on white"},
      {"on the beach", "at the beach", "on a beach", "on a sandy beach", "by the sea"},
      {"in the park", "in a park", "in a grassy park", "on the grass in a park"},
      {"in the forest", "in a forest", "in the woods"},
      {"in the city", "in a city", "in town", "on a city street"},
      {"in the mountains", "in front of mountains"},
      {"in the snow", "in a snowy landscape", "in a winter landscape"},
      {"in the sea", "at sea", "on the water", "in the ocean"},
      {"in space", "in outer space", "floating in space"},
      {"in a room", "in the room", "indoors", "inside a room"},
      {"background"},
      {"in a meadow", "in the meadow", "on a green meadow", "on the grass"},
      {"in the street", "on the street", "in a street", "on the road"},
      {"on a table", "on a wooden table", "on the table"},
      {"in the desert", "in a desert", "on sand dunes"},
      {"in the sky", "up in the sky", "in the air"}};
  return phrases[static_cast<size_t>(setting)];
}

std::span<const std::string_view> setting_tags(Setting setting) {
  // in the order of Setting
  static const std::vector<Words> tags = {
      {"white background"}, {"beach"}, {"park"},       {"forest"}, {"city"},   {"mountains"}, {"snow"},   {"sea"},
      {"outer space"},      {"room"},  {"background"}, {"meadow"}, {"street"}, {"table"},     {"desert"}, {"sky"}};
  return tags[static_cast<size_t>(setting)];
}

std::span<const std::string_view> time_phrases(TimeOfDay time) {
  // in the order of TimeOfDay
  static const std::vector<Words> phrases = {{"by day", "in daylight", "during the day"},
                                             {"at dawn", "at sunrise", "in the early morning"},
                                             {"at sunset", "at dusk", "in the evening"},
                                             {"at night", "by night"}};
  return phrases[static_cast<size_t>(time)];
}

std::span<const std::string_view> weather_phrases(Weather weather) {
  // in the order of Weather
  static const std::vector<Words> phrases = {{},
                                             {"under a cloudy sky", "in cloudy weather"},
                                             {"in the rain", "in rainy weather"},
                                             {"in falling snow", "while it snows"},
                                             {"in the fog", "in the mist", "in foggy weather"}};
  return phrases[static_cast<size_t>(weather)];
}

std::span<const std::string_view> style_names(Style style) {
  // in the order of Style
  static const std::vector<Words> names = {{"flat colours", "flat colors", "flat style"},
                                           {"outlines", "line art", "ink outlines"},
                                           {"pencil", "coloured pencil", "colored pencil"},
                                           {"watercolour", "watercolor", "watercolours"},
                                           {"impressionist style", "impressionism", "impressionist brush strokes"},
                                           {"pixel art", "pixel art style"},
                                           {"cubist style", "cubism"},
                                           {"3d", "3d style", "3d render"},
                                           {"sticker style", "sticker"},
                                           {"ink", "black ink", "black and white"}};
  return names[static_cast<size_t>(style)];
}

std::span<const std::string_view> style_works(Style style) {
  // in the order of Style
  static const std::vector<Words> works = {{"flat illustration", "flat drawing"},
                                           {"outline drawing", "line drawing"},
                                           {"pencil drawing", "pencil sketch"},
                                           {"watercolour", "watercolour painting", "watercolor painting", "watercolor"},
                                           {"impressionist painting", "impressionist picture"},
                                           {"pixel art picture", "pixel art image"},
                                           {"cubist painting", "cubist picture"},
                                           {"3d render", "3d illustration", "3d rendering"},
                                           {"sticker", "die-cut sticker"},
                                           {"ink drawing", "black and white drawing"}};
  return works[static_cast<size_t>(style)];
}

std::span<const std::string_view> accessory_phrases(Accessory accessory) {
  static const Words hat = {"hat"}, ears = {"bunny ears", "rabbit ears"}, hair = {"red hair", "ginger hair"},
                     scarf = {"scarf"};
  switch (accessory) {
    case Accessory::hat: return hat;
    case Accessory::bunny_ears: return ears;
    case Accessory::red_hair: return hair;
    case Accessory::scarf: return scarf;
    case Accessory::none: return {};
  }
  return {};
}

std::span<const std::string_view> relation_phrases(Relation relation) {
  // in the order of Relation
  static const std::vector<Words> phrases = {{},
                                             {"to the left of", "left of", "on the left of"},
                                             {"to the right of", "right of", "on the right of"},
                                             {"above", "over"},
                                             {"below", "under", "beneath"},
                                             {"on", "on top of"},
                                             {},
                                             {"holding", "carrying"}};
  return phrases[static_cast<size_t>(relation)];
}

std::string_view article_for(std::string_view next_word) {
  for (const std::string_view spoken_as_consonant : {"ufo", "uni"})
    if (next_word.starts_with(spoken_as_consonant)) return "a";
  return !next_word.empty() && std::string_view("aeiou").find(next_word[0]) != std::string_view::npos ? "an" : "a";
}

}  // namespace easel::storybook
