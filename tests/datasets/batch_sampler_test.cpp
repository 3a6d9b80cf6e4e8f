#include "datasets/batch_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace easel {
namespace {

std::vector<int64_t> indices_of(const Batch& batch) {
  std::vector<int64_t> indices;
  for (const BatchSlot& slot : batch.slots) indices.push_back(slot.index);
  return indices;
}

TEST(BatchSampler, ReadsEveryExampleOncePerPassInAnotherOrder) {
  const BatchSampler sampler(12, {.batch_size = 4, .seed = 1});
  std::vector<std::vector<int64_t>> passes(3);
  for (int64_t number = 0; number < 9; ++number)
    for (const int64_t index : indices_of(sampler.batch(number)))
      passes[static_cast<size_t>(number / 3)].push_back(index);
  EXPECT_EQ(sampler.batches_per_epoch(), 3);
  EXPECT_NE(passes[0], passes[1]);
  EXPECT_NE(passes[1], passes[2]);
  for (auto& pass : passes) {
    std::ranges::sort(pass);
    for (int64_t i = 0; i < 12; ++i) EXPECT_EQ(pass[static_cast<size_t>(i)], i);
  }
}

TEST(BatchSampler, BatchIsTheSameWheneverItIsAskedFor) {
  const BatchSampler first(1000, {.batch_size = 8, .seed = 5});
  const BatchSampler resumed(1000, {.batch_size = 8, .seed = 5});
  for (int64_t number = 0; number < 300; ++number) first.batch(number);
  EXPECT_EQ(indices_of(first.batch(777)), indices_of(resumed.batch(777)));
  const BatchSampler other_seed(1000, {.batch_size = 8, .seed = 6});
  EXPECT_NE(indices_of(first.batch(777)), indices_of(other_seed.batch(777)));
}

TEST(BatchSampler, ProcessesShareOneBatch) {
  const BatchSampler alone(100, {.batch_size = 6, .seed = 3});
  for (int64_t number = 0; number < 40; ++number) {
    std::vector<int64_t> together;
    std::set<int64_t> places;
    for (int rank = 0; rank < 2; ++rank) {
      const BatchSampler sampler(100, {.batch_size = 3, .seed = 3, .rank = rank, .world_size = 2});
      const Batch batch = sampler.batch(number);
      for (const BatchSlot& slot : batch.slots) places.insert(slot.place);
      const auto part = indices_of(batch);
      together.insert(together.end(), part.begin(), part.end());
    }
    EXPECT_EQ(together, indices_of(alone.batch(number)));
    EXPECT_EQ(places, (std::set<int64_t>{0, 1, 2, 3, 4, 5}));
  }
}

TEST(BatchSampler, DataSmallerThanABatchIsRepeated) {
  const BatchSampler one(1, {.batch_size = 5, .seed = 0});
  EXPECT_EQ(indices_of(one.batch(3)), std::vector<int64_t>(5, 0));
  const BatchSampler three(3, {.batch_size = 7, .seed = 0});
  std::map<int64_t, int> counts;
  for (int64_t number = 0; number < 3; ++number)
    for (const int64_t index : indices_of(three.batch(number))) ++counts[index];
  for (const auto& [index, count] : counts) EXPECT_EQ(count, 7) << index;
  EXPECT_EQ(counts.size(), 3u);
}

TEST(BatchSampler, EveryBatchIsOfOneGroupAndGroupsComeInProportion) {
  std::vector<std::vector<int64_t>> groups(4);
  for (int64_t i = 0; i < 40; ++i) groups[0].push_back(i);
  for (int64_t i = 40; i < 60; ++i) groups[2].push_back(i);
  groups[3] = {60};  // groups[1] stays empty
  const BatchSampler sampler(groups, {.batch_size = 4, .seed = 9});
  EXPECT_EQ(sampler.batches_per_epoch(), 10 + 5 + 1);
  std::map<int64_t, int> batches;
  std::map<int64_t, int> examples;
  for (int64_t number = 0; number < 5 * sampler.batches_per_epoch(); ++number) {
    const Batch batch = sampler.batch(number);
    ++batches[batch.group];
    for (const BatchSlot& slot : batch.slots) {
      const auto& group = groups[static_cast<size_t>(batch.group)];
      EXPECT_EQ(group[static_cast<size_t>(slot.entry)], slot.index);
      ++examples[slot.index];
    }
  }
  EXPECT_EQ(batches, (std::map<int64_t, int>{{0, 50}, {2, 25}, {3, 5}}));
  for (int64_t i = 0; i < 60; ++i) EXPECT_EQ(examples[i], 5) << i;
  EXPECT_EQ(examples[60], 20);
}

}  // namespace
}  // namespace easel
