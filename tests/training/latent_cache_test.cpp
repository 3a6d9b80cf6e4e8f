#include "training/cache/latent_cache.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "checkpoints/tensor_file.h"
#include "datasets/numbered_pictures.h"
#include "easel/error.h"
#include "temporary_folder.h"
#include "training/cache/latent_cache_filling.h"

namespace easel {
namespace {

using test::NumberedPictures;
using test::TemporaryFolder;
using Status = LatentCache::Status;

LatentCacheKey key_of(int64_t num_entries) { return {"model a", "data a", {16, 16}, num_entries, {2, 3, 8}}; }

Tensor moments_of(const std::vector<float>& firsts) {
  Tensor moments = Tensor::empty({static_cast<int64_t>(firsts.size()), 2, 3, 8});
  for (size_t i = 0; i < firsts.size(); ++i)
    for (int64_t j = 0; j < 48; ++j)
      moments.f32()[static_cast<int64_t>(i) * 48 + j] = firsts[i] + static_cast<float>(j);
  return moments;
}

std::string message_of(const std::string& path, const LatentCacheKey& key) {
  try {
    const LatentCache cache(path, key);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(LatentCache, KeepsMomentsAcrossOpenings) {
  TemporaryFolder folder;
  {
    LatentCache cache(folder / "cache", key_of(5));
    EXPECT_EQ(cache.num_missing(), 5);
    cache.write({3, 1}, moments_of({10, 20}));
    cache.mark_broken(4);
  }
  const LatentCache cache(folder / "cache", key_of(5));
  EXPECT_EQ(cache.num_missing(), 2);
  EXPECT_EQ(cache.status(0), Status::missing);
  EXPECT_EQ(cache.status(1), Status::present);
  EXPECT_EQ(cache.status(4), Status::broken);
  const Tensor moments = cache.read({1, 3, 1});
  EXPECT_EQ(moments.shape(), (Shape{3, 2, 3, 8}));
  EXPECT_EQ(moments.f32()[0], 20);
  EXPECT_EQ(moments.f32()[48 + 47], 57);
  EXPECT_EQ(moments.f32()[2 * 48 + 1], 21);
}

TEST(LatentCache, IsASafetensorsFile) {
  TemporaryFolder folder;
  LatentCache(folder / "cache", key_of(5)).write({2}, moments_of({7}));
  const TensorFile file = read_safetensors(folder / "cache");
  EXPECT_EQ(file.metadata.at("model"), "model a");
  EXPECT_EQ(file.tensors.at("moments").shape(), (Shape{5, 2, 3, 8}));
  EXPECT_EQ(file.tensors.at("moments").to_vector()[96], 7);
}

TEST(LatentCache, OfAnotherModelDataOrSizeIsRefused) {
  TemporaryFolder folder;
  const std::string path = folder / "cache";
  const LatentCache made(path, key_of(5));
  const auto message = [&](const std::string& why) {
    return "[latent_cache] '" + path + "' " + why + "; remove it, or give latent_cache another name";
  };
  LatentCacheKey key = key_of(5);
  key.model = "model b";
  EXPECT_EQ(message_of(path, key), message("belongs to another model"));
  key = key_of(5);
  key.dataset = "data b";
  EXPECT_EQ(message_of(path, key), message("belongs to another dataset"));
  EXPECT_EQ(message_of(path, key_of(6)), message("has num_entries = '5' instead of 6"));
  key = key_of(5);
  key.picture_size = {16, 24};
  EXPECT_EQ(message_of(path, key), message("has picture_size = '16x16' instead of 16x24"));
  EXPECT_EQ(message_of(path, key_of(5)), "no error");
}

TEST(LatentCache, OtherFilesAreRefusedAndKept) {
  TemporaryFolder folder;
  EXPECT_NE(message_of(folder.write("text", "some text"), key_of(5)), "no error");
  write_safetensors(folder / "weights", {{{"x", Tensor::zeros({2})}}, {}});
  EXPECT_NE(message_of(folder / "weights", key_of(5)).find("is no latent cache"), std::string::npos);
  EXPECT_EQ(read_safetensors(folder / "weights").tensors.size(), 1u);
  EXPECT_NE(message_of(folder / "none/cache", key_of(5)).find("No such file"), std::string::npos);
}

TEST(LatentCache, ValuesThatAreNotFiniteAreRefused) {
  TemporaryFolder folder;
  LatentCache cache(folder / "cache", key_of(2));
  EXPECT_THROW(cache.write({0}, moments_of({std::numeric_limits<float>::quiet_NaN()})), Error);
  EXPECT_THROW(cache.write({0}, moments_of({1e6f})), Error);
  EXPECT_EQ(cache.num_missing(), 2);
}

// The encoder of these tests: the first pixel's value everywhere.
Tensor encode(const Tensor& pixel_values) {
  std::vector<float> firsts;
  const int64_t values = pixel_values.numel() / pixel_values.dim(0);
  for (int64_t i = 0; i < pixel_values.dim(0); ++i) firsts.push_back((pixel_values.f32()[i * values] + 1) * 127.5f);
  return moments_of(firsts);
}

TEST(LatentCacheFilling, ContinuesWhereItWasStoppedAndSkipsBrokenPictures) {
  TemporaryFolder folder;
  const NumberedPictures dataset(11, {4, 5});
  DatasetReport report;
  LoaderOptions options;
  options.sizes = {{16, 16}};
  const BatchLoader loader(dataset, BatchSampler(11, {.batch_size = 4}), options, report);
  int64_t encoded = 0;
  const auto counting = [&](const Tensor& pictures) {
    encoded += pictures.dim(0);
    return encode(pictures);
  };
  {
    LatentCache cache(folder / "cache", key_of(11));
    const auto stop = [](int64_t done, int64_t) { return done < 6; };
    EXPECT_FALSE(fill_latent_cache(cache, loader, 0, 3, counting, stop));
    EXPECT_EQ(encoded, 4) << "two batches of three, two pictures of them broken";
  }
  LatentCache cache(folder / "cache", key_of(11));
  const BatchLoader resumed(dataset, BatchSampler(11, {.batch_size = 4}), options, report);
  EXPECT_TRUE(fill_latent_cache(cache, resumed, 0, 3, counting));
  EXPECT_EQ(encoded, 9);
  EXPECT_EQ(cache.num_missing(), 0);
  EXPECT_EQ(report.summary(), "2 skipped (2 broken picture)");
  for (int64_t number = 0; number < 10; ++number) {
    const LoadedBatch loaded = resumed.load_captions(number);
    for (const BatchSlot& slot : loaded.batch.slots)
      EXPECT_EQ(cache.read({slot.entry}).f32()[0], static_cast<float>(slot.index));
  }
}

}  // namespace
}  // namespace easel
