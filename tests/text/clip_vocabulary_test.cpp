#include "text/clip_vocabulary.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "easel/error.h"
#include "files/mapped_file.h"
#include "golden/golden_folder.h"
#include "temporary_folder.h"
#include "text/vocabulary_file.h"

namespace easel {
namespace {

constexpr const char* kVariable = "EASEL_CLIP_VOCABULARY";

std::string content(const std::filesystem::path& path) { return std::string(storage_bytes(*MappedFile::open(path))); }

// The environment as it was, at the end of a test.
class KeptEnvironment : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const char* value = getenv(kVariable)) before_ = value;
  }
  void TearDown() override { before_.empty() ? unsetenv(kVariable) : setenv(kVariable, before_.c_str(), 1); }

 private:
  std::string before_;
};

using ClipVocabulary = KeptEnvironment;

TEST_F(ClipVocabulary, TheEnvironmentNamesTheFolder) {
  const test::TemporaryFolder folder;
  setenv(kVariable, folder.path().c_str(), 1);
  EXPECT_THROW(default_clip_vocabulary(), Error);
  folder.write("vocab.json", "{}");
  folder.write("merges.txt", "");
  EXPECT_EQ(default_clip_vocabulary(), folder.path());
}

TEST_F(ClipVocabulary, WhatWasFetchedEqualsTheReference) {
  unsetenv(kVariable);
  std::filesystem::path fetched;
  try {
    fetched = default_clip_vocabulary();
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  const auto reference = golden::golden_folder() / "clip_tokenizer";
  if (!std::filesystem::exists(reference)) GTEST_SKIP() << "no reference vocabulary beside the checkout";
  EXPECT_EQ(content(fetched / "merges.txt"), content(reference / "merges.txt"));
  const bool equal_vocabularies = parse_vocabulary(content(fetched / "vocab.json"), "fetched") ==
                                  parse_vocabulary(content(reference / "vocab.json"), "reference");
  EXPECT_TRUE(equal_vocabularies);
}

}  // namespace
}  // namespace easel
