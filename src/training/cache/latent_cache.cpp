#include "training/cache/latent_cache.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "checkpoints/tensor_file.h"
#include "training/cache/cache_file.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr size_t kHeaderAlignment = 8;  // of safetensors' data

CacheMetadata metadata_of(const LatentCacheKey& key) {
  return {
      {"format", "easel latent cache 1"},
      {"model", key.model},
      {"dataset", key.dataset},
      {"picture_size", std::to_string(key.picture_size.width_px) + "x" + std::to_string(key.picture_size.height_px)},
      {"num_entries", std::to_string(key.num_entries)},
      {"moments", key.moments.to_string()}};
}

uint64_t moments_bytes(const LatentCacheKey& key) {
  return static_cast<uint64_t>(key.num_entries * key.moments.numel()) * dtype_size_bytes(DType::f16);
}

// The header of safetensors (see checkpoints/safetensors.cpp), for data that is written later.
std::string header_of(const LatentCacheKey& key) {
  std::vector<int64_t> shape{key.num_entries};
  for (int i = 0; i < key.moments.rank(); ++i) shape.push_back(key.moments[i]);
  const uint64_t moments_end = moments_bytes(key);
  nlohmann::ordered_json tensors;
  tensors["moments"] = {{"dtype", "F16"}, {"shape", shape}, {"data_offsets", {uint64_t{0}, moments_end}}};
  tensors["status"] = {{"dtype", "U8"},
                       {"shape", {key.num_entries}},
                       {"data_offsets", {moments_end, moments_end + static_cast<uint64_t>(key.num_entries)}}};
  return cache_header(metadata_of(key), tensors, kHeaderAlignment);
}

// All zeros, that is missing.
void create_latent_cache(const CachePlace& place, const LatentCacheKey& key) {
  const std::string header = header_of(key);
  create_cache_file(place, header, header.size() + moments_bytes(key) + static_cast<uint64_t>(key.num_entries));
}

}  // namespace

LatentCache::LatentCache(const fs::path& path, const LatentCacheKey& key) : key_(key) {
  const CachePlace place{"latent_cache", path};
  if (!fs::exists(path)) create_latent_cache(place, key);
  const TensorFile stored = read_safetensors(path);
  require_same_metadata(place, metadata_of(key), stored.metadata);
  const auto moments = stored.tensors.find("moments");
  const auto status = stored.tensors.find("status");
  if (moments == stored.tensors.end() || status == stored.tensors.end() || moments->second.dtype() != DType::f16 ||
      moments->second.size_bytes() != moments_bytes(key) || status->second.dtype() != DType::u8 ||
      status->second.numel() != key.num_entries)
    refuse_foreign_file(place);
  moments_offset_ = moments->second.offset_bytes();
  status_offset_ = status->second.offset_bytes();
  const auto* values = reinterpret_cast<const Status*>(status->second.data<uint8_t>());
  statuses_.assign(values, values + key.num_entries);
  file_ = std::make_unique<RandomAccessFile>(path, RandomAccessFile::Mode::read_write);
}

int64_t LatentCache::num_missing() const { return std::ranges::count(statuses_, Status::missing); }

void LatentCache::set_status(int64_t entry, Status status) {
  file_->write(status_offset_ + static_cast<uint64_t>(entry), &status, sizeof status);
  statuses_[static_cast<size_t>(entry)] = status;
}

void LatentCache::write(const std::vector<int64_t>& entries, const Tensor& moments) {
  const auto count = static_cast<size_t>(key_.moments.numel());
  assert(moments.numel() == static_cast<int64_t>(entries.size() * count));
  for (size_t i = 0; i < entries.size(); ++i) {
    const std::vector<uint16_t> halves =
        finite_halves({moments.f32() + i * count, count},
                      "[latent_cache] the encoder's result for entry " + std::to_string(entries[i]));
    const uint64_t size_bytes = count * sizeof(uint16_t);
    file_->write(moments_offset_ + static_cast<uint64_t>(entries[i]) * size_bytes, halves.data(), size_bytes);
  }
  file_->sync();
  for (const int64_t entry : entries) set_status(entry, Status::present);
}

void LatentCache::mark_broken(int64_t entry) { set_status(entry, Status::broken); }

Tensor LatentCache::read(const std::vector<int64_t>& entries) const {
  const auto count = static_cast<size_t>(key_.moments.numel());
  std::vector<uint16_t> halves(count);
  Tensor moments =
      Tensor::empty({static_cast<int64_t>(entries.size()), key_.moments[0], key_.moments[1], key_.moments[2]});
  float* values = moments.f32();
  for (const int64_t entry : entries) {
    assert(status(entry) == Status::present);
    const uint64_t size_bytes = count * sizeof(uint16_t);
    file_->read(moments_offset_ + static_cast<uint64_t>(entry) * size_bytes, halves.data(), size_bytes);
    values = std::transform(halves.begin(), halves.end(), values, f16_to_f32);
  }
  return moments;
}

}  // namespace easel
