// embedding_cache.h — what a text encoder that is not trained makes of each caption, kept on disk. Captions have many
// wordings, so it cannot be filled in advance: it grows as they come.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "files/random_access_file.h"
#include "tensor/tensor.h"

namespace easel {

// What a cache was made from. All of it must agree for a cache to be used.
struct EmbeddingCacheKey {
  std::string text_encoder;  // names its weights: their SHA-256
  Shape embedding;           // of one caption: [L, C]
};

// Token ids [N, L] i32 -> last hidden state [N, L, C] f32 on the host.
using EncodeTokens = std::function<Tensor(const Tensor& ids)>;

// A safetensors file with "records" [captions, 64 + 2 L C] u8: the SHA-256 of a row of token ids in hexadecimal digits,
// then its embedding in f16. Only the hashes are held in memory. Records are appended, and the header that counts them
// is rewritten after they are on the disk: stopped at any moment, it is continued with the records that were counted.
// One writer, one thread.
class EmbeddingCache {
 public:
  // Opens the file, or creates it empty. Throws InvalidArgument where it belongs to another text encoder or size, is
  // something else, or is used by another process; CorruptFile where it is cut off.
  EmbeddingCache(const std::filesystem::path& path, const EmbeddingCacheKey& key);

  int64_t size() const { return num_records_; }

  // ids: [N, L] i32. Returns [N, L, C] f32. Rows that are not in the file are encoded in one call, each different one
  // once, and appended; what is returned is what the file holds, so the result is the same whether a row was there or
  // not. Throws Unsupported where a value is not finite in f16.
  Tensor embed(const Tensor& ids, const EncodeTokens& encode);

 private:
  void read_keys();
  void append(const std::vector<std::string>& keys, const Tensor& embeddings);
  uint64_t record_offset(int64_t record) const;

  EmbeddingCacheKey key_;
  std::unique_ptr<RandomAccessFile> file_;
  int64_t num_records_ = 0;
  std::unordered_map<std::string, int64_t> records_;  // by the hash of the ids
};

}  // namespace easel
