#include "text/clip_tokenizer.h"

#include <gtest/gtest.h>

#include <functional>

#include "easel/error.h"
#include "temporary_folder.h"
#include "text/clip_vocabulary_fixture.h"

namespace easel {
namespace {

using Ids = std::vector<int32_t>;

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(error_code_name(error.code())) + " " + error.what();
  }
  return "";
}

// The smallest vocabulary there is: two letters and the special tokens.
constexpr const char* kTinyVocabulary =
    R"({"a": 0, "b</w>": 1, "ab</w>": 2, "<|startoftext|>": 3, "<|endoftext|>": 4})";

ClipTokenizer tiny(const std::string& vocabulary, const std::string& merges) {
  return ClipTokenizer(vocabulary, "vocab.json", merges, "merges.txt", {});
}

TEST(ClipTokenizer, MergesByRankInAnyVocabulary) {
  const ClipTokenizer tokenizer = test::small_tokenizer();
  EXPECT_EQ(tokenizer.vocab_size(), 516u);
  EXPECT_EQ(tokenizer.encode("cat CAT"), (Ids{513, 513}));
  EXPECT_EQ(tokenizer.encode("ca"), (Ids{'c', 256 + 'a'}));  // "ca" is known inside a word only
  EXPECT_EQ(tokenizer.encode(""), Ids{});
}

TEST(ClipTokenizer, UnknownBytesBecomeTheUnknownToken) {
  const ClipTokenizer tokenizer = tiny(kTinyVocabulary, "#version: 0.2\na b</w>\n");
  EXPECT_EQ(tokenizer.encode("ab aab xb"), (Ids{2, 0, 2, 4, 1}));
}

TEST(ClipTokenizer, SpecialTokensInTheTextAreSingleIds) {
  const ClipTokenizer tokenizer = test::small_tokenizer();
  EXPECT_EQ(tokenizer.encode("<|endoftext|><|startoftext|>cat<|endoftext|>"), (Ids{515, 514, 513, 515}));
  EXPECT_GT(tokenizer.encode("<|ENDOFTEXT|>").size(), 1u);
}

TEST(ClipTokenizer, ManySpecialTokensAreAllFound) {
  std::string text;
  while (text.size() + 13 <= ClipTokenizer::kMaxTextBytes) text += "<|endoftext|>";
  EXPECT_EQ(test::small_tokenizer().encode(text), Ids(text.size() / 13, 515));
}

TEST(ClipTokenizer, ALongWordIsEncodedWhole) {
  std::string word;
  while (word.size() < 99'999) word += "cat";
  const Ids ids = test::small_tokenizer().encode(word);  // "ca" "t" … "cat</w>"
  ASSERT_EQ(ids.size(), 2u * 33'332 + 1);
  EXPECT_EQ(ids.front(), 512);
  EXPECT_EQ(ids.back(), 513);
}

TEST(ClipTokenizer, InvalidUtf8IsRefusedWithItsOffset) {
  const ClipTokenizer tokenizer = test::small_tokenizer();
  for (const char* text : {"ab\x80", "ab\xC0\x80", "ab\xED\xA0\x80", "ab\xF5\x80\x80\x80", "ab\xE2\x82"})
    EXPECT_EQ(message_of([&] { tokenizer.encode(text); }),
              "InvalidArgument [tokenizer] byte 2 of the text; must be valid UTF-8");
}

TEST(ClipTokenizer, TooLongTextIsRefused) {
  const std::string text(ClipTokenizer::kMaxTextBytes + 1, 'a');
  EXPECT_EQ(message_of([&] { test::small_tokenizer().encode(text); }),
            "InvalidArgument [tokenizer] text of 128001 bytes; must be at most 128000");
}

TEST(ClipTokenizer, ConfigFilesNameSpecialTokensAndLength) {
  const test::TemporaryFolder folder;
  folder.write("vocab.json", kTinyVocabulary);
  folder.write("merges.txt", "a b</w>\r\n");
  EXPECT_EQ(ClipTokenizer::load(folder.path()).frame().pad, 4);
  EXPECT_EQ(ClipTokenizer::load(folder.path()).max_length(), 77);

  folder.write("special_tokens_map.json", R"({"pad_token": {"content": "a", "lstrip": false}, "bos_token": null})");
  folder.write("tokenizer_config.json", R"({"model_max_length": 32, "errors": "replace"})");
  const ClipTokenizer tokenizer = ClipTokenizer::load(folder.path());
  EXPECT_EQ(tokenizer.frame().pad, 0);
  EXPECT_EQ(tokenizer.frame().bos, 3);
  EXPECT_EQ(tokenizer.max_length(), 32);

  folder.write("tokenizer_config.json",
               R"({"model_max_length": 1000000000000000019884624838656, "pad_token": "b</w>"})");
  EXPECT_EQ(ClipTokenizer::load(folder.path()).max_length(), 77);
  EXPECT_EQ(ClipTokenizer::load(folder.path()).frame().pad, 1);
}

TEST(ClipTokenizer, BadConfigFilesAreRefused) {
  const test::TemporaryFolder folder;
  folder.write("vocab.json", kTinyVocabulary);
  folder.write("merges.txt", "a b</w>\n");
  for (const char* config :
       {"[]", "{", R"({"pad_token": 3})", R"({"pad_token": ""})", R"({"eos_token": {"x": 1}})",
        R"({"model_max_length": 2})", R"({"model_max_length": "77"})", R"({"bos_token": "<s>"})"}) {
    folder.write("tokenizer_config.json", config);
    EXPECT_THROW(ClipTokenizer::load(folder.path()), Error) << config;
  }
}

TEST(ClipTokenizer, MissingFilesAreNamed) {
  const test::TemporaryFolder folder;
  const std::string message = message_of([&] { ClipTokenizer::load(folder.path()); });
  EXPECT_TRUE(message.starts_with("NotFound")) << message;
  EXPECT_NE(message.find("vocab.json"), message.npos) << message;
}

struct BadFiles {
  const char* vocabulary;
  const char* merges;
  const char* reason;  // part of the message
};

TEST(ClipTokenizer, BadVocabulariesAndMergesAreRefusedWithTheReason) {
  const BadFiles cases[] = {
      {"", "", "no valid JSON at byte"},
      {"[0]", "", "must be one object"},
      {"7", "", "must be one object"},
      {R"({"a": [0]})", "", "'a' has an array as its id"},
      {R"({"a": {"b": 0}})", "", "'a' is an object"},
      {R"({"a": "0"})", "", "'a' has a string as its id"},
      {R"({"a": 0.5})", "", "'a' has id 0.5"},
      {R"({"a": -1})", "", "'a' has id -1"},
      {R"({"a": 1})", "", "'a' has id 1; ids must be 0..0"},
      {R"({"a": 4294967296})", "", "'a' has id 4294967296"},
      {R"({"a": 0, "a": 1})", "", "'a' occurs twice"},
      {R"({"a": 0, "b": 0})", "", "has id 0, which"},
      {R"({"a": 0} x)", "", "no valid JSON at byte"},
      {R"({"a": 0})", "", "special token '<|startoftext|>' is missing"},
      {kTinyVocabulary, "a b</w>\nonlyone\n", "line 2: 'onlyone'; must be two tokens"},
      {kTinyVocabulary, "a b c\n", "must be two tokens"},
      {kTinyVocabulary, " b\n", "must be two tokens"},
      {kTinyVocabulary, "a \n", "must be two tokens"},
      {kTinyVocabulary, "a c\n", "line 1: 'c' is not in the vocabulary"},
      {kTinyVocabulary, "a a\n", "line 1: 'aa' is not in the vocabulary"},
      {kTinyVocabulary, "a b</w>\na b</w>\n", "line 2: 'ab</w>' is joined twice"},
  };
  for (const BadFiles& files : cases) {
    const std::string message = message_of([&] { tiny(files.vocabulary, files.merges); });
    EXPECT_TRUE(message.starts_with("CorruptFile")) << files.vocabulary << ": " << message;
    EXPECT_NE(message.find(files.reason), message.npos) << files.vocabulary << ": " << message;
  }
}

TEST(ClipTokenizer, ReadsTheWholeOfClipsVocabulary) {
  const auto folder = test::clip_vocabulary_folder();
  if (!folder) GTEST_SKIP() << "CLIP's vocabulary is not on this machine";
  const ClipTokenizer tokenizer = ClipTokenizer::load(*folder);
  EXPECT_EQ(tokenizer.vocab_size(), 49408u);
  EXPECT_EQ(tokenizer.frame().bos, 49406);
  EXPECT_EQ(tokenizer.frame().eos, 49407);
  EXPECT_EQ(tokenizer.encode("a photograph of an astronaut riding a horse"),
            (Ids{320, 8853, 539, 550, 18376, 6765, 320, 4558}));
}

}  // namespace
}  // namespace easel
