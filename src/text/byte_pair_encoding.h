// byte_pair_encoding.h — words to token ids by byte-pair merges.
//
// Sennrich et al. 2016, arXiv:1508.07909, over bytes instead of characters (Radford et al. 2019, "Language models are
// unsupervised multitask learners", section 2.2). A word starts as one symbol per byte, the last one marked "</w>";
// the adjacent pair that was learned first is merged, leftmost first, until no known pair is left.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/vocabulary_file.h"

namespace easel {

class BytePairEncoding {
 public:
  // vocabulary: tokens spelled in the byte alphabet (below). merges: the content of merges.txt; both sides of each and
  // the joined token must be in the vocabulary. `merges_name` is the file's name for messages. Throws CorruptFile
  // naming the line.
  BytePairEncoding(const TokenIds& vocabulary, std::string_view merges, const std::string& merges_name);

  // Appends the ids of one word, given as its bytes. A byte that the vocabulary lacks gives `unknown_id`.
  // O(n log n) in the length of the word. Thread safe.
  void encode_word(std::string_view word, int32_t unknown_id, std::vector<int32_t>& ids) const;

  // The bytes of a token, with a space behind where it ends a word; empty for one that no bytes give. Looks through all
  // merges: for people to read, not for hot paths.
  std::string spelling(int32_t id) const;

 private:
  struct Merge {
    int32_t rank;
    int32_t id;  // of the joined token
  };
  class Word;  // one word at work

  void add_merge(const TokenIds& vocabulary, const MergeRule& rule);

  std::array<int32_t, 256> inner_ids_{};  // byte -> id of its symbol inside a word, -1 where missing
  std::array<int32_t, 256> final_ids_{};  // the same at a word's end, with "</w>"
  std::unordered_map<uint64_t, Merge> merges_;
};

// The printable stand-in of each byte in vocabularies, as UTF-8: '!'..'~', U+00A1..U+00AC and U+00AE..U+00FF are
// themselves, the others U+0100 onward in order. (OpenAI's GPT-2, whose files hold no control characters and spaces.)
std::array<std::string, 256> byte_alphabet();

}  // namespace easel
