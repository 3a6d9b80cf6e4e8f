// batch_sampler.h — which examples make which batch: a pure function of the batch's number, so nothing has to be saved
// to continue a training.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace easel {

struct BatchOptions {
  int64_t batch_size = 1;  // per process
  uint64_t seed = 0;
  int rank = 0;        // of this process
  int world_size = 1;  // number of processes; together they read one batch of world_size * batch_size
};

// One place in a batch.
struct BatchSlot {
  int64_t entry;  // position in the group
  int64_t index;  // of the example in the data set
  int64_t place;  // in the batch of all processes: what random choices count by, with the batch's number
};

struct Batch {
  int64_t number = 0;
  int64_t group = 0;
  std::vector<BatchSlot> slots;  // batch_size

  std::vector<int64_t> places() const;  // of the slots
};

// Examples come in groups (aspect buckets; without them one group of all), and a batch in all its processes is of one
// group. A group is read over and over, each time in another order, and batches go on across the end of a pass, so that
// a group may be smaller than a batch. Groups come up in proportion to their sizes, at least once in a round of all.
// Immutable; thread safe.
class BatchSampler {
 public:
  // REQUIRES: num_examples >= 1; batch_size >= 1; 0 <= rank < world_size.
  BatchSampler(int64_t num_examples, const BatchOptions& options);
  // groups[g]: the examples of a group. Empty groups never come up. REQUIRES: one that is not empty.
  BatchSampler(std::vector<std::vector<int64_t>> groups, const BatchOptions& options);

  // Batch `number` of this process, from 0.
  Batch batch(int64_t number) const;
  // Batches until every example has been read about once.
  int64_t batches_per_epoch() const { return static_cast<int64_t>(round_.size()); }

  int64_t batch_size() const { return options_.batch_size; }
  int64_t num_groups() const { return static_cast<int64_t>(group_sizes_.size()); }
  int64_t group_size(int64_t group) const { return group_sizes_[static_cast<size_t>(group)]; }
  // The example at a group's place `entry`.
  int64_t index_of(int64_t group, int64_t entry) const;

 private:
  struct GroupBatch {
    int64_t group;
    int64_t number;  // of the group's batches in a round
  };
  void plan_round();
  GroupBatch group_batch(int64_t number) const;

  BatchOptions options_;
  std::vector<int64_t> group_sizes_;
  std::vector<std::vector<int64_t>> groups_;  // empty where the one group is all examples in order
  std::vector<GroupBatch> round_;             // the batches of one pass over the data, before they are shuffled
  std::vector<int64_t> group_batches_;        // how many of them are of each group
};

}  // namespace easel
