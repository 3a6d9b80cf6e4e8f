#include "training/cache/latent_cache_filling.h"

#include <cstring>

namespace easel {
namespace {

// The next entries that are missing from `begin` on, at most `count`; moves `begin` behind the last.
std::vector<int64_t> next_missing(const LatentCache& cache, int64_t total, int64_t count, int64_t& begin) {
  std::vector<int64_t> entries;
  for (; begin < total && static_cast<int64_t>(entries.size()) < count; ++begin)
    if (cache.status(begin) == LatentCache::Status::missing) entries.push_back(begin);
  return entries;
}

// The pictures of the entries as one tensor; those that cannot be read leave `entries` and become broken.
Tensor load_entries(LatentCache& cache, const BatchLoader& loader, int64_t group, std::vector<int64_t>& entries) {
  std::vector<std::string> problems;
  const Tensor views = loader.centre_views(group, entries, problems);
  std::vector<int64_t> readable;
  const size_t bytes = views.size_bytes() / entries.size();
  for (size_t i = 0; i < entries.size(); ++i) {
    if (problems[i].empty()) {
      auto* data = reinterpret_cast<char*>(views.f32());
      std::memmove(data + readable.size() * bytes, data + i * bytes, bytes);
      readable.push_back(entries[i]);
      continue;
    }
    loader.mark_broken(loader.sampler().index_of(group, entries[i]), problems[i]);
    cache.mark_broken(entries[i]);
  }
  entries = std::move(readable);
  return entries.empty() ? Tensor() : views.rows(0, static_cast<int64_t>(entries.size()));
}

}  // namespace

bool fill_latent_cache(LatentCache& cache, const BatchLoader& loader, int64_t group, int64_t batch_size,
                       const EncodeMoments& encode, const CacheProgress& progress) {
  const int64_t total = loader.sampler().group_size(group);
  for (int64_t entry = 0; entry < total; ++entry)
    if (cache.status(entry) == LatentCache::Status::broken)
      loader.mark_broken(loader.sampler().index_of(group, entry), "could not be read when the latents were cached");
  for (int64_t next = 0; next < total;) {
    std::vector<int64_t> entries = next_missing(cache, total, batch_size, next);
    if (entries.empty()) break;
    const Tensor views = load_entries(cache, loader, group, entries);
    if (!entries.empty()) cache.write(entries, encode(views));
    if (progress && !progress(next, total)) return false;
  }
  return true;
}

}  // namespace easel
