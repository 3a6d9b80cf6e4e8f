// message_text.h — numbers and names as messages, records and documentation write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace easel {

// The shortest decimal that reads back as the same number: "7", "7.5", "0.1".
std::string format_number(double value);
std::string format_number(float value);

// "7 s", "1 min 20 s", "2 h 5 min".
std::string format_duration(double seconds);

// "a, b, c".
std::string joined_names(const std::vector<std::string>& names);

// The name of `known` with the fewest insertions, deletions and replacements of letters (Levenshtein 1966) from `name`;
// empty where that is more than a third of its letters, so that no guess is made at random.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);
// "; did you mean NAME?", or nothing where no name is near.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

}  // namespace easel
