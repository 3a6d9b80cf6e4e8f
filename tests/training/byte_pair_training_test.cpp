#include "training/tasks/byte_pair_training.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "datasets/step_random.h"
#include "easel/error.h"
#include "temporary_folder.h"
#include "text/clip_tokenizer.h"
#include "training/tasks/tokenizer_run.h"

namespace easel {
namespace {

using Symbols = std::vector<std::string>;

struct PlainResult {
  std::vector<std::pair<std::string, std::string>> merges;
  std::map<std::string, Symbols> words;
};

// Algorithm 1 of the paper as it stands: all pairs are counted anew for every merge. `rank` orders equally frequent
// pairs: a token's id. Words are ASCII letters.
PlainResult plain_training(const WordCounts& words, size_t vocab_size, const std::vector<std::string>& tokens) {
  std::map<std::string, int64_t> id;
  for (size_t i = 0; i < tokens.size(); ++i) id.emplace(tokens[i], i);
  PlainResult result;
  for (const auto& [word, count] : words.counts()) {
    Symbols symbols;
    for (const char letter : word) symbols.emplace_back(1, letter);
    symbols.back() += "</w>";
    result.words[word] = symbols;
  }
  size_t size = 512;
  std::map<std::string, bool> known;
  while (size < vocab_size - 2) {
    std::map<std::pair<std::string, std::string>, int64_t> counts;
    for (const auto& [word, symbols] : result.words)
      for (size_t i = 0; i + 1 < symbols.size(); ++i) counts[{symbols[i], symbols[i + 1]}] += words.counts().at(word);
    const auto better = [&](const auto& a, const auto& b) {
      if (a.second != b.second) return a.second > b.second;
      return std::pair(id.at(a.first.first), id.at(a.first.second)) <
             std::pair(id.at(b.first.first), id.at(b.first.second));
    };
    const auto best = std::min_element(counts.begin(), counts.end(), better);
    if (best == counts.end() || best->second < 2) break;
    const auto [left, right] = best->first;
    result.merges.emplace_back(left, right);
    if (!std::exchange(known[left + right], true)) ++size;
    for (auto& [word, symbols] : result.words) {
      Symbols joined;
      for (size_t i = 0; i < symbols.size(); ++i) {
        const bool found = i + 1 < symbols.size() && symbols[i] == left && symbols[i + 1] == right;
        joined.push_back(found ? left + right : symbols[i]);
        i += found;
      }
      symbols = joined;
    }
  }
  return result;
}

WordCounts random_words(uint64_t seed, int count) {
  WordCounts words;
  for (int i = 0; i < count; ++i) {
    std::string word;
    const int length = 1 + static_cast<int>(random_bits(seed, i, Purpose::order, 0) % 9);
    for (int j = 1; j <= length; ++j) word += "abc"[random_bits(seed, i, Purpose::order, j) % 3];
    words.add(word);
  }
  return words;
}

std::vector<std::pair<std::string, std::string>> merges_of(const BytePairVocabulary& vocabulary) {
  std::vector<std::pair<std::string, std::string>> merges;
  for (const auto& [left, right] : vocabulary.merges)
    merges.emplace_back(vocabulary.tokens[static_cast<size_t>(left)], vocabulary.tokens[static_cast<size_t>(right)]);
  return merges;
}

TEST(BytePairTraining, EqualsThePlainDefinitionOnRandomWords) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const WordCounts words = random_words(seed, 20 + 20 * static_cast<int>(seed));
    for (const size_t vocab_size : {520u, 560u, 700u}) {
      const BytePairVocabulary vocabulary = train_byte_pairs(words, {.vocab_size = static_cast<int64_t>(vocab_size)});
      const PlainResult plain = plain_training(words, vocab_size, vocabulary.tokens);
      ASSERT_EQ(merges_of(vocabulary), plain.merges) << "seed " << seed << ", vocab_size " << vocab_size;
    }
  }
}

TEST(BytePairTraining, TokenizerSplitsWordsAsTheTrainingLeftThem) {
  const test::TemporaryFolder folder;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const WordCounts words = random_words(seed, 300);
    const BytePairVocabulary vocabulary = train_byte_pairs(words, {.vocab_size = 600});
    write_tokenizer(folder.path(), vocabulary, 40);
    const ClipTokenizer tokenizer = ClipTokenizer::load(folder.path());
    for (const auto& [word, symbols] : plain_training(words, 600, vocabulary.tokens).words) {
      Symbols tokens;
      for (const int32_t id : tokenizer.encode(word)) tokens.push_back(vocabulary.tokens[static_cast<size_t>(id)]);
      ASSERT_EQ(tokens, symbols) << word;
    }
  }
}

TEST(BytePairTraining, VocabularyIsLaidOutAsClips) {
  WordCounts words;
  words.add("low low low lower");
  const BytePairVocabulary vocabulary = train_byte_pairs(words, {.vocab_size = 600});
  EXPECT_EQ(vocabulary.tokens[0], "!");
  EXPECT_EQ(vocabulary.tokens[256], "!</w>");
  EXPECT_EQ(vocabulary.tokens['a' - '!'], "a");
  EXPECT_EQ(vocabulary.tokens.back(), "<|endoftext|>");
  EXPECT_EQ(vocabulary.tokens[vocabulary.tokens.size() - 2], "<|startoftext|>");
  // "lo" occurs 4 times, "ow</w>" 3 times; then "lo" "w</w>". What occurs once, of "lower", is left apart.
  EXPECT_EQ(merges_of(vocabulary), (std::vector<std::pair<std::string, std::string>>{{"l", "o"}, {"lo", "w</w>"}}));
}

TEST(BytePairTraining, SizeIsNeverMoreThanAskedFor) {
  const WordCounts words = random_words(1, 500);
  for (const int64_t size : {514, 515, 530}) {
    const BytePairVocabulary vocabulary = train_byte_pairs(words, {.vocab_size = size});
    EXPECT_EQ(static_cast<int64_t>(vocabulary.tokens.size()), size);
  }
}

TEST(BytePairTraining, AnyTextCanBeEncodedAndEveryByteIsKept) {
  const test::TemporaryFolder folder;
  WordCounts words;
  words.add("a red cat, zwei Bäume und drei 猫 猫 🍋🍋");
  const BytePairVocabulary vocabulary = train_byte_pairs(words, {.vocab_size = 560, .min_frequency = 1});
  write_tokenizer(folder.path(), vocabulary, 40);
  const ClipTokenizer tokenizer = ClipTokenizer::load(folder.path());
  EXPECT_EQ(tokenizer.max_length(), 40);
  EXPECT_EQ(tokenizer.vocab_size(), vocabulary.tokens.size());
  EXPECT_EQ(tokenizer.frame().eos, static_cast<int32_t>(vocabulary.tokens.size()) - 1);
  for (const char* text : {"zebra", "Ωmega", "a\x01z", "<|x|>"})
    for (const int32_t id : tokenizer.encode(text)) EXPECT_LT(id, tokenizer.frame().bos) << text;
}

TokenizerOptions small_vocabulary(const test::TemporaryFolder& folder) {
  return {.vocab_size = 560, .model_max_length = 8, .output_dir = folder / "tokenizer"};
}

TEST(TrainTokenizer, LearnsFromATextFileAndTellsWhatDoesNotFit) {
  const test::TemporaryFolder folder;
  TokenizerOptions options = small_vocabulary(folder);
  options.corpus =
      folder.write("corpus.txt", "red cat red cat\nred cat\nq w e r t y u i o\n\nbroken \xff line\n").string();
  std::vector<std::string> messages;
  train_tokenizer(options, {.on_message = [&](const std::string& message) { messages.push_back(message); }});
  ASSERT_EQ(messages.size(), 5u);
  EXPECT_EQ(messages[0], "skipped 'line 5': no valid UTF-8, or longer than 128000 bytes");
  EXPECT_EQ(messages[1], "4 texts with 11 different words: 518 tokens, 4 merges");
  EXPECT_EQ(messages[2], "longest text: 9 tokens; 1 texts have more than the 6 that fit");
  EXPECT_EQ(ClipTokenizer::load(options.output_dir).encode("red cat").size(), 2u);
}

TEST(TrainTokenizer, EmptyAndMissingCorpusAreErrors) {
  const test::TemporaryFolder folder;
  TokenizerOptions options = small_vocabulary(folder);
  options.corpus = folder.write("corpus.txt", "\n \n").string();
  EXPECT_THROW(train_tokenizer(options, {}), Error);
  options.corpus = folder / "none.txt";
  EXPECT_THROW(train_tokenizer(options, {}), Error);
}

TEST(TrainTokenizer, StopsWhereItIsInterruptedAndWritesNothing) {
  const test::TemporaryFolder folder;
  TokenizerOptions options = small_vocabulary(folder);
  options.corpus = folder.write("corpus.txt", "red cat red cat\nred cat\n").string();
  for (const int questions : {0, 1, 2, 3}) {  // while texts are read, and from the third on before a merge
    TrainingCallbacks callbacks{.interrupted = [left = questions]() mutable { return left-- == 0; }};
    try {
      train_tokenizer(options, callbacks);
      ADD_FAILURE() << questions;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Cancelled) << error.what();
    }
    EXPECT_FALSE(std::filesystem::exists(options.output_dir)) << questions;
  }
}

}  // namespace
}  // namespace easel
