#include "training/cache/embedding_cache.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "temporary_folder.h"
#include "tensor_matchers.h"

namespace easel {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

constexpr uintmax_t kHeaderBytes = 512;
constexpr uintmax_t kRecordBytes = 64 + 3 * 2 * 2;  // of key_of()

EmbeddingCacheKey key_of() { return {"encoder a", {3, 2}}; }

// A row of three token ids for each number.
Tensor ids_of(const std::vector<int32_t>& numbers) {
  std::vector<int32_t> ids;
  for (const int32_t number : numbers) ids.insert(ids.end(), {1, number, 2});
  return Tensor::from({static_cast<int64_t>(numbers.size()), 3}, ids);
}

// An encoder that counts the rows it is given; its values have more digits than f16.
class CountingEncoder {
 public:
  Tensor operator()(const Tensor& ids) {
    rows_ += ids.dim(0);
    Tensor embeddings = Tensor::empty({ids.dim(0), 3, 2});
    for (int64_t i = 0; i < embeddings.numel(); ++i)
      embeddings.f32()[i] = 0.1f * static_cast<float>(ids.data<int32_t>()[i / 2]) + static_cast<float>(i % 2);
    return embeddings;
  }
  int64_t rows() const { return rows_; }

 private:
  int64_t rows_ = 0;
};

Tensor no_encoder(const Tensor&) {
  ADD_FAILURE() << "everything is in the file";
  return {};
}

std::string message_of(const std::string& path, const EmbeddingCacheKey& key) {
  try {
    const EmbeddingCache cache(path, key);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

void make_cache(const std::string& path, const std::vector<int32_t>& numbers) {
  CountingEncoder encoder;
  EmbeddingCache(path, key_of()).embed(ids_of(numbers), std::ref(encoder));
}

TEST(EmbeddingCache, EncodesEachRowOnceAndGivesTheSameBitsFromTheFile) {
  TemporaryFolder folder;
  CountingEncoder encoder;
  Tensor first;
  {
    EmbeddingCache cache(folder / "cache", key_of());
    first = cache.embed(ids_of({7, 8, 7}), std::ref(encoder));
    EXPECT_EQ(encoder.rows(), 2);
    EXPECT_EQ(first.shape(), (Shape{3, 3, 2}));
    EXPECT_EQ(first.f32()[2], f16_to_f32(f32_to_f16(0.7f)));
    EXPECT_EQ(first.f32()[8], f16_to_f32(f32_to_f16(0.8f)));
    EXPECT_EQ(first.f32()[14], first.f32()[2]);
  }
  EmbeddingCache cache(folder / "cache", key_of());
  EXPECT_EQ(cache.size(), 2);
  EXPECT_TRUE(tensors_identical(cache.embed(ids_of({7, 8, 7}), no_encoder), first));
  const Tensor more = cache.embed(ids_of({9, 8}), std::ref(encoder));
  EXPECT_EQ(encoder.rows(), 3);
  EXPECT_EQ(more.f32()[2], f16_to_f32(f32_to_f16(0.9f)));
  EXPECT_EQ(more.f32()[8], first.f32()[8]);
}

TEST(EmbeddingCache, IsASafetensorsFileAtEveryLength) {
  TemporaryFolder folder;
  const auto shape = [&] {
    const TensorFile file = read_safetensors(folder / "cache");
    EXPECT_EQ(file.metadata.at("text_encoder"), "encoder a");
    return file.tensors.at("records").shape();
  };
  make_cache(folder / "cache", {1});
  EXPECT_EQ(shape(), (Shape{1, kRecordBytes}));
  make_cache(folder / "cache", {1, 2, 3});
  EXPECT_EQ(shape(), (Shape{3, kRecordBytes}));
  const EmbeddingCache empty(folder / "empty", key_of());
  EXPECT_EQ(read_safetensors(folder / "empty").tensors.at("records").shape(), (Shape{0, kRecordBytes}));
}

// What a writer leaves that was killed while it appended: bytes that the header does not count.
TEST(EmbeddingCache, RecordsThatWereNotCountedAreCutOffAndMadeAnew) {
  TemporaryFolder folder;
  make_cache(folder / "cache", {1, 2});
  for (const size_t left : {kRecordBytes / 2, kRecordBytes, 3 * kRecordBytes + 1}) {
    std::ofstream(folder / "cache", std::ios::app | std::ios::binary) << std::string(left, 'x');
    const EmbeddingCache cache(folder / "cache", key_of());
    EXPECT_EQ(cache.size(), 2);
    EXPECT_EQ(fs::file_size(folder / "cache"), kHeaderBytes + 2 * kRecordBytes);
  }
  CountingEncoder encoder;
  EmbeddingCache cache(folder / "cache", key_of());
  cache.embed(ids_of({1, 2, 3}), std::ref(encoder));
  EXPECT_EQ(encoder.rows(), 1);
  EXPECT_EQ(read_safetensors(folder / "cache").tensors.at("records").dim(0), 3);
}

TEST(EmbeddingCache, CutOffFilesAreRefusedInOneLine) {
  TemporaryFolder folder;
  const std::string path = folder / "cache";
  make_cache(path, {1, 2});
  fs::resize_file(path, kHeaderBytes + 2 * kRecordBytes - 1);
  EXPECT_EQ(message_of(path, key_of()),
            "[embedding_cache] '" + path + "' ends at byte 663, before the last of its 2 captions; remove it");
  fs::resize_file(path, kHeaderBytes - 1);
  EXPECT_EQ(message_of(path, key_of()),
            "[embedding_cache] '" + path + "' is no embedding cache; remove it, or give embedding_cache another name");
}

TEST(EmbeddingCache, OfAnotherEncoderOrSizeIsRefusedAndKept) {
  TemporaryFolder folder;
  const std::string path = folder / "cache";
  make_cache(path, {1});
  const auto message = [&](const std::string& why) {
    return "[embedding_cache] '" + path + "' " + why + "; remove it, or give embedding_cache another name";
  };
  EXPECT_EQ(message_of(path, {"encoder b", {3, 2}}), message("belongs to another text_encoder"));
  EXPECT_EQ(message_of(path, {"encoder a", {3, 4}}), message("has embedding = '[3, 2]' instead of [3, 4]"));
  EXPECT_EQ(EmbeddingCache(path, key_of()).size(), 1);
}

TEST(EmbeddingCache, OtherFilesAreRefusedAndKept) {
  TemporaryFolder folder;
  const auto text = folder.write("text", std::string(2000, 'a'));
  EXPECT_NE(message_of(text, key_of()).find("is no embedding cache"), std::string::npos);
  EXPECT_EQ(fs::file_size(text), 2000u);
  write_safetensors(folder / "weights", {{{"x", Tensor::zeros({200})}}, {}});
  EXPECT_NE(message_of(folder / "weights", key_of()).find("is no embedding cache"), std::string::npos);
  EXPECT_NE(message_of(folder / "none/cache", key_of()).find("No such file"), std::string::npos);
}

TEST(EmbeddingCache, HasOneUserAtATime) {
  TemporaryFolder folder;
  {
    const EmbeddingCache cache(folder / "cache", key_of());
    EXPECT_NE(message_of(folder / "cache", key_of()).find("is used by another training"), std::string::npos);
  }
  EXPECT_EQ(message_of(folder / "cache", key_of()), "no error");
}

TEST(EmbeddingCache, ValuesThatAreNotFiniteAreRefused) {
  TemporaryFolder folder;
  EmbeddingCache cache(folder / "cache", key_of());
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), 1e6f}) {
    const auto encode = [value](const Tensor& ids) { return Tensor::full({ids.dim(0), 3, 2}, value); };
    EXPECT_THROW(cache.embed(ids_of({1}), encode), Error);
  }
  EXPECT_EQ(cache.size(), 0);
}

}  // namespace
}  // namespace easel
