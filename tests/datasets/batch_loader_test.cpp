#include "datasets/batch_loader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "datasets/aspect_buckets.h"
#include "datasets/numbered_pictures.h"
#include "easel/error.h"

namespace easel {
namespace {

using test::NumberedPictures;

int64_t shade(const LoadedBatch& loaded, int64_t i) {
  const int64_t values = loaded.pixel_values.numel() / loaded.pixel_values.dim(0);
  return std::lround((loaded.pixel_values.f32()[i * values] + 1) * 127.5);
}

BatchLoader loader_of(const Dataset& dataset, DatasetReport& report, LoaderOptions options, int64_t batch_size = 4) {
  options.sizes = {{16, 16}};
  return BatchLoader(dataset, BatchSampler(dataset.size(), {.batch_size = batch_size, .seed = 2}), options, report);
}

TEST(BatchLoader, PicturesAndCaptionsBelongTogether) {
  const NumberedPictures dataset(20, {});
  DatasetReport report;
  const BatchLoader loader = loader_of(dataset, report, {});
  for (int64_t number = 0; number < 10; ++number) {
    const LoadedBatch loaded = loader.load(number);
    EXPECT_EQ(loaded.pixel_values.shape(), (Shape{4, 16, 16, 3}));
    for (int64_t i = 0; i < 4; ++i) {
      const int64_t index = loaded.batch.slots[static_cast<size_t>(i)].index;
      EXPECT_EQ(shade(loaded, i), index);
      EXPECT_EQ(loaded.captions[static_cast<size_t>(i)].rfind(std::to_string(index) + " ", 0), 0u);
    }
    EXPECT_EQ(loader.load_captions(number).captions, loaded.captions);
  }
}

TEST(BatchLoader, BrokenPicturesAreReplacedReportedOnceAndIndependentOfHistory) {
  const NumberedPictures dataset(10, {3, 4, 9});
  DatasetReport report;
  const BatchLoader loader = loader_of(dataset, report, {});
  for (int64_t number = 0; number < 20; ++number)
    for (int64_t i = 0; i < 4; ++i) {
      const LoadedBatch loaded = loader.load(number);
      EXPECT_EQ(shade(loaded, i), loaded.batch.slots[static_cast<size_t>(i)].index);
    }
  EXPECT_EQ(report.summary(), "3 skipped (3 broken picture)");
  const BatchLoader resumed = loader_of(dataset, report, {});
  EXPECT_EQ(resumed.load(13).captions, loader.load(13).captions);
}

TEST(BatchLoader, NoReadablePictureIsAnError) {
  const NumberedPictures dataset(2, {0, 1});
  DatasetReport report;
  const BatchLoader loader = loader_of(dataset, report, {});
  try {
    loader.load(0);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[dataset] none of 2 pictures can be read; 2 skipped (2 broken picture)");
  }
}

TEST(BatchLoader, OnePictureFillsEveryBatch) {
  const NumberedPictures dataset(1, {});
  DatasetReport report;
  const LoadedBatch loaded = loader_of(dataset, report, {}).load(5);
  for (int64_t i = 0; i < 4; ++i) EXPECT_EQ(shade(loaded, i), 0);
}

TEST(BatchLoader, CaptionDropoutEmptiesTheShareAskedFor) {
  const NumberedPictures dataset(50, {});
  DatasetReport report;
  const BatchLoader loader = loader_of(dataset, report, {.caption_dropout = 0.2}, 10);
  int dropped = 0;
  for (int64_t number = 0; number < 500; ++number)
    for (const std::string& caption : loader.load_captions(number).captions) dropped += caption.empty();
  EXPECT_NEAR(dropped, 1000, 5 * std::sqrt(5000 * 0.2 * 0.8));
}

TEST(BatchLoader, WordingsChangeFromUseToUse) {
  const NumberedPictures dataset(1, {});
  DatasetReport report;
  const BatchLoader loader = loader_of(dataset, report, {});
  std::map<std::string, int> counts;
  for (int64_t number = 0; number < 50; ++number)
    for (const std::string& caption : loader.load_captions(number).captions) ++counts[caption];
  EXPECT_NEAR(counts["0 odd"], 100, 40);
  EXPECT_NEAR(counts["0 even"], 100, 40);
}

TEST(BatchLoader, BucketsKeepTheShapes) {
  const NumberedPictures dataset(40, {});
  DatasetReport report;
  const auto buckets = aspect_buckets(64);
  const BatchSampler sampler(sort_into_buckets(dataset, buckets), {.batch_size = 4, .seed = 0});
  const BatchLoader loader(dataset, sampler, {.sizes = buckets}, report);
  std::set<std::pair<int64_t, int64_t>> shapes;
  for (int64_t number = 0; number < 20; ++number) {
    const LoadedBatch loaded = loader.load(number);
    shapes.emplace(loaded.pixel_values.dim(2), loaded.pixel_values.dim(1));
    for (const BatchSlot& slot : loaded.batch.slots)
      EXPECT_EQ(slot.index % 2, loaded.pixel_values.dim(2) > loaded.pixel_values.dim(1));
  }
  EXPECT_EQ(shapes, (std::set<std::pair<int64_t, int64_t>>{{64, 64}, {80, 48}}));
}

TEST(AspectBuckets, HaveAboutTheAreaAndEverySideAMultiple) {
  for (const int64_t resolution : {64, 128, 256, 512}) {
    const auto buckets = aspect_buckets(resolution);
    EXPECT_GE(buckets.size(), 5u);
    for (const PictureSize bucket : buckets) {
      EXPECT_EQ(bucket.width_px % (resolution / 8), 0);
      EXPECT_EQ(bucket.height_px % (resolution / 8), 0);
      EXPECT_LE(bucket.width_px * bucket.height_px, resolution * resolution);
      EXPECT_GE(bucket.width_px * bucket.height_px, 3 * resolution * resolution / 4) << bucket.width_px;
      EXPECT_LE(bucket.width_px, 2 * bucket.height_px);
      EXPECT_LE(bucket.height_px, 2 * bucket.width_px);
    }
  }
  const auto buckets = aspect_buckets(512);
  EXPECT_EQ(buckets[static_cast<size_t>(nearest_bucket({1000, 1000}, buckets))], (PictureSize{512, 512}));
  EXPECT_EQ(buckets[static_cast<size_t>(nearest_bucket({3000, 1000}, buckets))], (PictureSize{640, 384}));
}

}  // namespace
}  // namespace easel
