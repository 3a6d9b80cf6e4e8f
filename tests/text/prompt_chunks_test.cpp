#include "text/prompt_chunks.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "easel/error.h"
#include "text/clip_vocabulary_fixture.h"

namespace easel {
namespace {

constexpr int32_t kCat = 513, kBos = 514, kEos = 515, kComma = 256 + ',';

std::string repeated(const std::string& word, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += word;
  return text;
}

// bos, the ids, eos, then padding.
std::vector<int32_t> row(std::vector<int32_t> ids, int32_t pad = kEos) {
  ids.insert(ids.begin(), kBos);
  ids.push_back(kEos);
  ids.resize(77, pad);
  return ids;
}

TEST(PromptChunks, AnEmptyPromptIsOneEmptyChunk) {
  const PromptChunks prompt = chunk_prompt(test::small_tokenizer(), "");
  ASSERT_EQ(prompt.chunks.size(), 1u);
  EXPECT_EQ(prompt.chunks[0].ids, row({}));
  EXPECT_EQ(prompt.chunks[0].weights, std::vector<float>(77, 1.0f));
  EXPECT_EQ(prompt.num_tokens, 0u);
}

TEST(PromptChunks, WeightsStandAtTheirTokens) {
  const PromptChunks prompt = chunk_prompt(test::small_tokenizer(), "cat (cat:1.5) cat");
  EXPECT_EQ(prompt.chunks[0].ids, row({kCat, kCat, kCat}));
  std::vector<float> weights(77, 1.0f);
  weights[2] = 1.5f;
  EXPECT_EQ(prompt.chunks[0].weights, weights);
}

TEST(PromptChunks, PaddingFollowsTheTokenizer) {
  const PromptChunks prompt = chunk_prompt(test::small_tokenizer({.pad_token = "!"}), "cat");
  EXPECT_EQ(prompt.chunks[0].ids, row({kCat}, '!'));
}

TEST(PromptChunks, ALongPromptTakesSeveralChunks) {
  const PromptChunks prompt = chunk_prompt(test::small_tokenizer(), repeated("cat ", 76));
  ASSERT_EQ(prompt.chunks.size(), 2u);
  EXPECT_EQ(prompt.chunks[0].ids, row(std::vector<int32_t>(75, kCat)));
  EXPECT_EQ(prompt.chunks[1].ids, row({kCat}));
  EXPECT_EQ(prompt.num_tokens, 76u);
  EXPECT_EQ(chunk_prompt(test::small_tokenizer(), repeated("cat ", 75)).chunks.size(), 1u);
}

// `before` words, a comma, words up to 75 tokens and one more word.
PromptChunks with_comma_at(int before, size_t comma_backtrack) {
  const std::string text = repeated("cat ", before) + ", " + repeated("cat ", 75 - before);
  return chunk_prompt(test::small_tokenizer(), text, {.comma_backtrack = comma_backtrack});
}

TEST(PromptChunks, ANearCommaEndsTheChunk) {
  const PromptChunks prompt = with_comma_at(55, 20);  // 19 words follow the comma in the full chunk
  ASSERT_EQ(prompt.chunks.size(), 2u);
  std::vector<int32_t> first(55, kCat);
  first.push_back(kComma);
  EXPECT_EQ(prompt.chunks[0].ids, row(first));
  EXPECT_EQ(prompt.chunks[1].ids, row(std::vector<int32_t>(20, kCat)));
}

TEST(PromptChunks, AFarCommaDoesNot) {
  for (const PromptChunks& prompt : {with_comma_at(54, 20), with_comma_at(74, 0)}) {
    ASSERT_EQ(prompt.chunks.size(), 2u);
    EXPECT_EQ(prompt.chunks[1].ids, row({kCat}));
  }
}

TEST(PromptChunks, AFullChunkIsFollowedByTheComma) {
  const PromptChunks prompt = chunk_prompt(test::small_tokenizer(), repeated("cat ", 75) + ", cat");
  ASSERT_EQ(prompt.chunks.size(), 2u);
  EXPECT_EQ(prompt.chunks[1].ids, row({kComma, kCat}));
}

TEST(PromptChunks, BreakStartsAChunk) {
  const PromptChunks prompt = chunk_prompt(test::small_tokenizer(), "cat BREAK cat cat");
  ASSERT_EQ(prompt.chunks.size(), 2u);
  EXPECT_EQ(prompt.chunks[0].ids, row({kCat}));
  EXPECT_EQ(prompt.chunks[1].ids, row({kCat, kCat}));
  EXPECT_EQ(chunk_prompt(test::small_tokenizer(), "BREAK cat").chunks.size(), 2u);
}

TEST(PromptChunks, PlainPromptsAreTruncatedAndKeepBrackets) {
  const PromptChunks prompt = plain_prompt(test::small_tokenizer(), repeated("cat ", 80));
  ASSERT_EQ(prompt.chunks.size(), 1u);
  EXPECT_EQ(prompt.chunks[0].ids, row(std::vector<int32_t>(75, kCat)));
  EXPECT_EQ(prompt.num_tokens, 80u);
  EXPECT_EQ(prompt.num_truncated, 5u);
  EXPECT_EQ(plain_prompt(test::small_tokenizer(), "(cat)").chunks[0].ids, row({256 + '(', kCat, 256 + ')'}));
}

TEST(PromptChunks, PaddingToAnEqualNumberAddsEmptyChunks) {
  const ClipTokenizer tokenizer = test::small_tokenizer();
  PromptChunks prompt = chunk_prompt(tokenizer, "cat");
  pad_to_chunks(tokenizer, 3, prompt);
  ASSERT_EQ(prompt.chunks.size(), 3u);
  EXPECT_EQ(prompt.chunks[2].ids, row({}));
  pad_to_chunks(tokenizer, 1, prompt);
  EXPECT_EQ(prompt.chunks.size(), 3u);
}

// A model of its own has a tokenizer of its own: nothing may count on rows of 77.
TEST(PromptChunks, RowsAreAsLongAsTheTokenizerSays) {
  const ClipTokenizer tokenizer = test::small_tokenizer({.max_length = 40});
  const PromptChunks full = chunk_prompt(tokenizer, repeated("cat ", 38));
  ASSERT_EQ(full.chunks.size(), 1u);
  EXPECT_EQ(full.chunks[0].ids.size(), 40u);
  EXPECT_EQ(full.chunks[0].ids[38], kCat);
  EXPECT_EQ(full.chunks[0].ids[39], kEos);
  EXPECT_EQ(chunk_prompt(tokenizer, repeated("cat ", 39)).chunks.size(), 2u);
  const PromptChunks plain = plain_prompt(tokenizer, repeated("cat ", 50));
  EXPECT_EQ(plain.chunks[0].ids.size(), 40u);
  EXPECT_EQ(plain.num_truncated, 12u);
}

// Rows shorter than the words that may move behind a comma.
TEST(PromptChunks, VeryShortRowsLoseNothing) {
  const ClipTokenizer tokenizer = test::small_tokenizer({.max_length = 5});
  const PromptChunks prompt = chunk_prompt(tokenizer, "cat, cat cat, cat, , cat cat cat cat");
  size_t cats = 0;
  for (const TokenChunk& chunk : prompt.chunks) {
    EXPECT_EQ(chunk.ids.size(), 5u);
    cats += static_cast<size_t>(std::count(chunk.ids.begin(), chunk.ids.end(), kCat));
  }
  EXPECT_EQ(cats, 8u);
}

}  // namespace
}  // namespace easel
