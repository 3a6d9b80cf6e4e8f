// The golden folder's hostile vocabularies and merges: each must be refused with one line.
#include <gtest/gtest.h>

#include "easel/error.h"
#include "files/mapped_file.h"
#include "golden/golden_folder.h"
#include "text/clip_tokenizer.h"

namespace easel {
namespace {

constexpr const char* kGoodVocabulary =
    R"({"a": 0, "b": 1, "ab": 2, "c": 3, "d": 4, "cd": 5, "<|startoftext|>": 6, "<|endoftext|>": 7})";

void expect_refused(const std::string& vocabulary, const std::string& merges, const std::string& name) {
  try {
    const ClipTokenizer tokenizer(vocabulary, name, merges, name, {});
    ADD_FAILURE() << name << " was read";
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.code(), ErrorCode::CorruptFile) << message;
    EXPECT_EQ(message.find('\n'), message.npos) << message;
    EXPECT_NE(message.find(name), message.npos) << message;
  }
}

TEST(HostileVocabularies, AreRefused) {
  const auto folder = golden::golden_folder() / "hostile";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_vocabulary = name.starts_with("vocab_"), is_merges = name.starts_with("merges_");
    if (!is_vocabulary && !is_merges) continue;
    const std::string content(storage_bytes(*MappedFile::open(entry.path())));
    expect_refused(is_vocabulary ? content : kGoodVocabulary, is_merges ? content : "", name);
    ++files;
  }
  EXPECT_GE(files, 5);
}

}  // namespace
}  // namespace easel
