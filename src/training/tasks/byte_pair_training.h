// byte_pair_training.h — a vocabulary of byte pairs learned from words.
//
// Sennrich et al. 2016, arXiv:1508.07909, algorithm 1, over bytes. A word starts as one symbol per byte, the last one
// marked "</w>". The pair of neighbours that occurs most often becomes a new symbol, in every word from left to right,
// again and again. Of equally frequent pairs the one with the smaller left id, then right id is taken, so that the
// result depends on the words alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace easel {

// How often each word occurs: the words that CLIP's tokenizer makes of the texts (text/clip_words.h).
class WordCounts {
 public:
  // Throws InvalidArgument where the text is not valid UTF-8.
  void add(std::string_view utf8);
  const std::map<std::string, int64_t>& counts() const { return counts_; }

 private:
  std::map<std::string, int64_t> counts_;
};

struct BytePairVocabulary {
  // By id, in CLIP's order: the 256 bytes in their alphabet's order (text/byte_pair_encoding.h), the same with "</w>",
  // what was joined, "<|startoftext|>", "<|endoftext|>".
  std::vector<std::string> tokens;
  // Ids of the two sides, in the order in which they were learned. Two of them may join to one token: a+bc, ab+c.
  std::vector<std::pair<int32_t, int32_t>> merges;
};

struct BytePairOptions {
  int64_t vocab_size = 4096;  // tokens at most; at least 514
  int64_t min_frequency = 2;  // pairs that occur less often are not joined
  // Asked before every merge; true ends the training. May be empty.
  std::function<bool()> interrupted = {};
};

// O(total length of the words that change) per merge. Throws Cancelled where it was interrupted.
BytePairVocabulary train_byte_pairs(const WordCounts& words, const BytePairOptions& options);

}  // namespace easel
