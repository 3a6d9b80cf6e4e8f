// latent_cache.h — what the encoder of the autoencoder makes of each picture, kept on disk: encoding is most of the
// work of a training step, and without random crops it gives the same every time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "files/random_access_file.h"
#include "tensor/tensor.h"

namespace easel {

// What a cache was made from. All of it must agree for a cache to be used.
struct LatentCacheKey {
  std::string model = {};         // names the encoder's weights: their SHA-256
  std::string dataset = {};       // Dataset::identity()
  PictureSize picture_size = {};  // of the encoded pictures
  int64_t num_entries = 0;
  Shape moments = {};  // of one entry: [H, W, 2 * latent channels], mean and log variance, unscaled
};

// A safetensors file with "moments" [entries, H, W, 2C] f16 and "status" [entries] u8, filled in place: stopped at any
// moment, it is continued later. Reading is thread safe; writing is one thread's business.
class LatentCache {
 public:
  enum class Status : uint8_t { missing = 0, present = 1, broken = 2 };

  // Opens the file, or creates it with all entries missing. Throws InvalidArgument where it belongs to another model,
  // data set or size, CorruptFile where it is no such file, ResourceExhausted where the disk has no room for it.
  LatentCache(const std::filesystem::path& path, const LatentCacheKey& key);

  Status status(int64_t entry) const { return statuses_[static_cast<size_t>(entry)]; }
  int64_t num_missing() const;

  // moments: [entries.size(), H, W, 2C] f32 on the host. On the disk before the entries count as present. Throws
  // Unsupported where a value is not finite in f16.
  void write(const std::vector<int64_t>& entries, const Tensor& moments);
  void mark_broken(int64_t entry);
  // [entries.size(), H, W, 2C] f32. REQUIRES: all of them present.
  Tensor read(const std::vector<int64_t>& entries) const;

 private:
  void set_status(int64_t entry, Status status);

  LatentCacheKey key_;
  uint64_t moments_offset_ = 0;  // in the file
  uint64_t status_offset_ = 0;
  std::unique_ptr<RandomAccessFile> file_;
  std::vector<Status> statuses_;
};

}  // namespace easel
