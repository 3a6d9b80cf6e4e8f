#include "training/tasks/byte_pair_training.h"

#include <algorithm>
#include <queue>
#include <set>
#include <unordered_map>

#include "easel/error.h"
#include "tensor/cancellation_scope.h"
#include "text/byte_pair_encoding.h"
#include "text/clip_words.h"
#include "text/unicode_text.h"

namespace easel {
namespace {

constexpr int32_t kNumBytes = 256;
constexpr size_t kNumSpecialTokens = 2;
constexpr const char* kEndOfWord = "</w>";

using Pair = std::pair<int32_t, int32_t>;

// Best first: by count, then by the smaller ids.
struct Candidate {
  int64_t count;
  Pair pair;
  bool operator<(const Candidate& other) const {
    return count != other.count ? count < other.count : pair > other.pair;
  }
};

struct CountedWord {
  std::vector<int32_t> symbols;
  int64_t count;
};

// The id of a byte inside of a word. In the alphabet's order the printable characters come first.
std::vector<int32_t> ids_of_bytes() {
  const auto alphabet = byte_alphabet();
  std::vector<int32_t> order(kNumBytes);
  for (int32_t byte = 0; byte < kNumBytes; ++byte) order[static_cast<size_t>(byte)] = byte;
  // UTF-8 sorts as code points do.
  std::ranges::sort(order, {}, [&](int32_t byte) { return alphabet[static_cast<size_t>(byte)]; });
  std::vector<int32_t> ids(kNumBytes);
  for (int32_t id = 0; id < kNumBytes; ++id) ids[static_cast<size_t>(order[static_cast<size_t>(id)])] = id;
  return ids;
}

// Replaces each pair of neighbours, from left to right.
void join(std::vector<int32_t>& symbols, Pair pair, int32_t joined) {
  size_t kept = 0;
  for (size_t i = 0; i < symbols.size(); ++i) {
    const bool found = i + 1 < symbols.size() && symbols[i] == pair.first && symbols[i + 1] == pair.second;
    symbols[kept++] = found ? joined : symbols[i];
    if (found) ++i;
  }
  symbols.resize(kept);
}

class Trainer {
 public:
  explicit Trainer(const WordCounts& words) {
    start_alphabet();
    const std::vector<int32_t> ids = ids_of_bytes();
    for (const auto& [word, count] : words.counts()) {
      CountedWord counted{{}, count};
      for (const char byte : word) counted.symbols.push_back(ids[static_cast<unsigned char>(byte)]);
      if (!counted.symbols.empty()) counted.symbols.back() += kNumBytes;
      words_.push_back(std::move(counted));
      count_pairs(words_.size() - 1, 1);
    }
    for (const auto& [pair, count] : pair_counts_) candidates_.push({count, pair});
  }

  BytePairVocabulary run(const BytePairOptions& options) {
    const size_t wanted = static_cast<size_t>(options.vocab_size) - kNumSpecialTokens;
    while (vocabulary_.tokens.size() < wanted && !candidates_.empty()) {
      throw_if_cancelled();
      const Candidate best = candidates_.top();
      candidates_.pop();
      const auto current = pair_counts_.find(best.pair);
      if (current == pair_counts_.end() || current->second != best.count) continue;  // counted anew since
      if (best.count < options.min_frequency) break;
      if (options.interrupted && options.interrupted())
        throw Error(ErrorCode::Cancelled, "[tokenizer] stopped; nothing was written");
      merge(best.pair);
    }
    vocabulary_.tokens.emplace_back("<|startoftext|>");
    vocabulary_.tokens.emplace_back("<|endoftext|>");
    return std::move(vocabulary_);
  }

 private:
  void start_alphabet() {
    const auto alphabet = byte_alphabet();
    std::vector<std::string> sorted(alphabet.begin(), alphabet.end());
    std::ranges::sort(sorted);
    for (const std::string& symbol : sorted) id_of(symbol);
    for (const std::string& symbol : sorted) id_of(symbol + kEndOfWord);
  }

  int32_t id_of(const std::string& token) {
    const auto [entry, is_new] = ids_.emplace(token, static_cast<int32_t>(ids_.size()));
    if (is_new) vocabulary_.tokens.push_back(token);
    return entry->second;
  }

  // Adds (sign 1) or takes away (sign -1) the pairs of a word.
  void count_pairs(size_t word, int64_t sign) {
    const CountedWord& counted = words_[word];
    for (size_t i = 0; i + 1 < counted.symbols.size(); ++i) {
      const Pair pair{counted.symbols[i], counted.symbols[i + 1]};
      pair_counts_[pair] += sign * counted.count;
      if (sign > 0) words_of_[pair].insert(word);
    }
  }

  void merge(Pair pair) {
    const int32_t joined = id_of(vocabulary_.tokens[static_cast<size_t>(pair.first)] +
                                 vocabulary_.tokens[static_cast<size_t>(pair.second)]);
    vocabulary_.merges.push_back(pair);
    std::set<Pair> changed;
    const std::set<size_t> words = std::move(words_of_[pair]);  // some may have lost the pair meanwhile
    for (const size_t word : words) {
      note_pairs(word, changed);
      count_pairs(word, -1);
      join(words_[word].symbols, pair, joined);
      count_pairs(word, 1);
      note_pairs(word, changed);
    }
    words_of_.erase(pair);
    pair_counts_.erase(pair);
    for (const Pair& each : changed)
      if (const auto found = pair_counts_.find(each); found != pair_counts_.end() && found->second > 0)
        candidates_.push({found->second, each});
  }

  void note_pairs(size_t word, std::set<Pair>& pairs) const {
    const auto& symbols = words_[word].symbols;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) pairs.emplace(symbols[i], symbols[i + 1]);
  }

  BytePairVocabulary vocabulary_;
  std::unordered_map<std::string, int32_t> ids_;
  std::vector<CountedWord> words_;
  std::map<Pair, int64_t> pair_counts_;
  std::map<Pair, std::set<size_t>> words_of_;  // words that have, or had, the pair
  std::priority_queue<Candidate> candidates_;  // with counts of some time; the current ones are in pair_counts_
};

}  // namespace

void WordCounts::add(std::string_view utf8) {
  for_each_clip_word(normalise_prompt_text(utf8), [&](std::string_view word) { ++counts_[std::string(word)]; });
}

BytePairVocabulary train_byte_pairs(const WordCounts& words, const BytePairOptions& options) {
  return Trainer(words).run(options);
}

}  // namespace easel
