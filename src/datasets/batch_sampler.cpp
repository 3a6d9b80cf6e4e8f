#include "datasets/batch_sampler.h"

#include <algorithm>
#include <cassert>

#include "datasets/permutation.h"
#include "datasets/step_random.h"

namespace easel {
namespace {

constexpr int64_t kGroupOrder = -1;  // beside the groups' own orders, which go by their numbers

}  // namespace

std::vector<int64_t> Batch::places() const {
  std::vector<int64_t> places;
  for (const BatchSlot& slot : slots) places.push_back(slot.place);
  return places;
}

BatchSampler::BatchSampler(int64_t num_examples, const BatchOptions& options)
    : options_(options), group_sizes_{num_examples} {
  plan_round();
}

BatchSampler::BatchSampler(std::vector<std::vector<int64_t>> groups, const BatchOptions& options)
    : options_(options), groups_(std::move(groups)) {
  for (const auto& group : groups_) group_sizes_.push_back(static_cast<int64_t>(group.size()));
  plan_round();
}

void BatchSampler::plan_round() {
  assert(options_.batch_size >= 1 && options_.rank >= 0 && options_.rank < options_.world_size);
  const int64_t together = options_.batch_size * options_.world_size;
  for (int64_t group = 0; group < num_groups(); ++group) {
    const int64_t size = group_size(group);
    const int64_t count = size == 0 ? 0 : std::max<int64_t>(1, (size + together / 2) / together);
    for (int64_t number = 0; number < count; ++number) round_.push_back({group, number});
    group_batches_.push_back(count);
  }
  assert(!round_.empty());
}

// The group that batch `number` is of, and which of the group's batches it is, counted from the start.
BatchSampler::GroupBatch BatchSampler::group_batch(int64_t number) const {
  if (num_groups() == 1) return {0, number};
  const int64_t length = batches_per_epoch();
  const int64_t epoch = number / length;
  const uint64_t key = random_bits(options_.seed, epoch, Purpose::order, kGroupOrder);
  const GroupBatch& planned = round_[static_cast<size_t>(permuted(number % length, length, key))];
  return {planned.group, epoch * group_batches_[static_cast<size_t>(planned.group)] + planned.number};
}

int64_t BatchSampler::index_of(int64_t group, int64_t entry) const {
  return groups_.empty() ? entry : groups_[static_cast<size_t>(group)][static_cast<size_t>(entry)];
}

Batch BatchSampler::batch(int64_t number) const {
  assert(number >= 0);
  const GroupBatch place = group_batch(number);
  const int64_t size = group_size(place.group);
  const int64_t together = options_.batch_size * options_.world_size;
  Batch batch{number, place.group, {}};
  for (int64_t i = 0; i < options_.batch_size; ++i) {
    const int64_t slot = options_.rank * options_.batch_size + i;
    const int64_t position = place.number * together + slot;  // in the group, over all passes
    const uint64_t key = random_bits(options_.seed, position / size, Purpose::order, place.group);
    const int64_t entry = permuted(position % size, size, key);
    batch.slots.push_back({entry, index_of(place.group, entry), slot});
  }
  return batch;
}

}  // namespace easel
