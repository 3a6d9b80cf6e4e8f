// words.h — the vocabulary of captions: what each colour, place and style may be called (kinds: kind_row.h).
#pragma once

#include <span>
#include <string_view>

#include "storybook/scene.h"

namespace easel::storybook {

// Each list starts with the plainest word; it is never empty unless the comment says so.
std::span<const std::string_view> colour_words(Colour colour);  // "red", "scarlet", …
std::span<const std::string_view> count_words(int count);       // "two", "2", "a pair of"; for 1: "one", "a single"
std::span<const std::string_view> setting_phrases(Setting setting);  // "on the beach", …
std::span<const std::string_view> setting_tags(Setting setting);     // "beach"
std::span<const std::string_view> time_phrases(TimeOfDay time);      // "at sunset", …
std::span<const std::string_view> weather_phrases(Weather weather);  // "in the rain", …; empty for clear
std::span<const std::string_view> style_names(Style style);  // "watercolour": "…, watercolour", "in watercolour"
std::span<const std::string_view> style_works(Style style);  // "watercolour painting": "a watercolour painting of …"
std::span<const std::string_view> accessory_phrases(Accessory accessory);  // "hat": "wearing a hat"; empty for none
std::span<const std::string_view> relation_phrases(Relation relation);  // "to the left of"; empty for none and wearing

// "an" before a vowel, else "a".
std::string_view article_for(std::string_view next_word);

}  // namespace easel::storybook
