// vocabulary_file.h — vocab.json, the names of tokens and their ids, and merges.txt, how words are joined from them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace easel {

// Lets a map of strings be asked with a string_view.
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using TokenIds = std::unordered_map<std::string, int32_t, StringHash, std::equal_to<>>;

// One JSON object, token -> id. The ids must be exactly 0..n-1, each once. `name` is the file's name for messages.
// Throws CorruptFile saying what breaks the rule.
TokenIds parse_vocabulary(std::string_view json, const std::string& name);

struct MergeRule {
  std::string_view left, right;  // parts of the text that was parsed
  size_t line_number;            // from 1
};

// An optional "#version" line, then "left right" per line, in the order in which the merges were learned. Throws
// CorruptFile naming the line.
std::vector<MergeRule> parse_merges(std::string_view text, const std::string& name);

}  // namespace easel
