#include "training/cache/embedding_cache.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/file_hash.h"
#include "files/json_reader.h"
#include "files/quoted_text.h"
#include "tensor/cancellation_scope.h"
#include "training/cache/cache_file.h"

namespace easel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kParameter = "embedding_cache";
// Room for every header, so that it is rewritten in place; a disk writes a sector of 512 bytes whole or not at all.
constexpr size_t kHeaderBytes = 512;
constexpr size_t kKeyBytes = 64;  // SHA-256 in hexadecimal digits

CacheMetadata metadata_of(const EmbeddingCacheKey& key) {
  return {{"format", "easel embedding cache 1"},
          {"text_encoder", key.text_encoder},
          {"embedding", key.embedding.to_string()}};
}

uint64_t record_bytes(const EmbeddingCacheKey& key) {
  return kKeyBytes + static_cast<uint64_t>(key.embedding.numel()) * dtype_size_bytes(DType::f16);
}

std::string header_of(const EmbeddingCacheKey& key, int64_t num_records) {
  const uint64_t count = static_cast<uint64_t>(num_records), size_bytes = record_bytes(key);
  nlohmann::ordered_json tensors;
  tensors["records"] = {
      {"dtype", "U8"}, {"shape", {count, size_bytes}}, {"data_offsets", {uint64_t{0}, count * size_bytes}}};
  std::string header = cache_header(metadata_of(key), tensors, kHeaderBytes);
  assert(header.size() == kHeaderBytes);
  return header;
}

// The first bytes; empty where the file does not begin with a header of this length.
std::string read_header(const RandomAccessFile& file) {
  if (file.size_bytes() < kHeaderBytes) return {};
  std::string header(kHeaderBytes, ' ');
  file.read(0, header.data(), header.size());
  uint64_t length = 0;
  std::memcpy(&length, header.data(), sizeof length);
  return length == kHeaderBytes - sizeof length ? header : std::string();
}

// The number of records that a header gives, which must be one of this class for this key.
int64_t checked_count(const CachePlace& place, const EmbeddingCacheKey& key, const std::string& header) {
  if (header.empty()) refuse_foreign_file(place);
  const json content = parse_json(std::string_view(header).substr(sizeof(uint64_t)), place.path.string());
  if (!content.is_object() || !content.contains("__metadata__")) refuse_foreign_file(place);
  CacheMetadata found;
  for (const auto& [name, value] : content["__metadata__"].items())
    if (value.is_string()) found[name] = value.get<std::string>();
  require_same_metadata(place, metadata_of(key), found);
  const json::json_pointer count("/records/shape/0");
  if (!content.contains(count) || !content[count].is_number_unsigned() ||
      header != header_of(key, content[count].get<int64_t>()))
    refuse_foreign_file(place);
  return content[count].get<int64_t>();
}

std::vector<std::string> keys_of(const Tensor& ids) {
  const auto row_bytes = static_cast<size_t>(ids.dim(1)) * sizeof(int32_t);
  const auto* bytes = reinterpret_cast<const char*>(ids.data<int32_t>());
  std::vector<std::string> keys;
  for (int64_t row = 0; row < ids.dim(0); ++row, bytes += row_bytes) keys.push_back(sha256({bytes, row_bytes}));
  return keys;
}

Tensor gathered_rows(const Tensor& ids, const std::vector<int64_t>& rows) {
  std::vector<int32_t> values;
  for (const int64_t row : rows) {
    const int32_t* const begin = ids.data<int32_t>() + row * ids.dim(1);
    values.insert(values.end(), begin, begin + ids.dim(1));
  }
  return Tensor::from({static_cast<int64_t>(rows.size()), ids.dim(1)}, values);
}

}  // namespace

EmbeddingCache::EmbeddingCache(const fs::path& path, const EmbeddingCacheKey& key) : key_(key) {
  const CachePlace place{kParameter, path};
  if (!fs::exists(path)) create_cache_file(place, header_of(key, 0), kHeaderBytes);
  file_ = std::make_unique<RandomAccessFile>(path, RandomAccessFile::Mode::read_write);
  if (!file_->try_lock()) refuse_cache(place, "is used by another training");
  num_records_ = checked_count(place, key, read_header(*file_));
  const uint64_t length = file_->size_bytes(), behind = length - kHeaderBytes;
  if (static_cast<uint64_t>(num_records_) > behind / record_bytes(key))
    throw Error(ErrorCode::CorruptFile, "[embedding_cache] " + quoted_text(path.string()) + " ends at byte " +
                                            std::to_string(length) + ", before the last of its " +
                                            std::to_string(num_records_) + " captions; remove it");
  read_keys();
  if (length > record_offset(num_records_)) file_->truncate(record_offset(num_records_));  // never counted
}

void EmbeddingCache::read_keys() {
  std::string key(kKeyBytes, ' ');
  for (int64_t record = 0; record < num_records_; ++record) {
    throw_if_cancelled();
    file_->read(record_offset(record), key.data(), key.size());
    records_.emplace(key, record);
  }
}

uint64_t EmbeddingCache::record_offset(int64_t record) const {
  return kHeaderBytes + static_cast<uint64_t>(record) * record_bytes(key_);
}

void EmbeddingCache::append(const std::vector<std::string>& keys, const Tensor& embeddings) {
  const auto count = static_cast<size_t>(key_.embedding.numel());
  assert(embeddings.numel() == static_cast<int64_t>(keys.size() * count));
  for (size_t i = 0; i < keys.size(); ++i) {
    const std::vector<uint16_t> halves = finite_halves({embeddings.f32() + i * count, count},
                                                       "[embedding_cache] the text encoder's result for a caption");
    const uint64_t offset = record_offset(num_records_ + static_cast<int64_t>(i));
    file_->write(offset, keys[i].data(), kKeyBytes);
    file_->write(offset + kKeyBytes, halves.data(), count * sizeof(uint16_t));
  }
  file_->sync();
  const std::string header = header_of(key_, num_records_ + static_cast<int64_t>(keys.size()));
  file_->write(0, header.data(), header.size());
  for (const std::string& key : keys) records_.emplace(key, num_records_++);
}

Tensor EmbeddingCache::embed(const Tensor& ids, const EncodeTokens& encode) {
  const std::vector<std::string> keys = keys_of(ids);
  std::vector<std::string> missing_keys;
  std::vector<int64_t> missing_rows;
  for (size_t row = 0; row < keys.size(); ++row) {
    if (records_.contains(keys[row]) || std::ranges::find(missing_keys, keys[row]) != missing_keys.end()) continue;
    missing_keys.push_back(keys[row]);
    missing_rows.push_back(static_cast<int64_t>(row));
  }
  if (!missing_keys.empty()) append(missing_keys, encode(gathered_rows(ids, missing_rows)));

  const auto count = static_cast<size_t>(key_.embedding.numel());
  std::vector<uint16_t> halves(count);
  Tensor embeddings = Tensor::empty({ids.dim(0), key_.embedding[0], key_.embedding[1]});
  float* values = embeddings.f32();
  for (const std::string& key : keys) {
    file_->read(record_offset(records_.at(key)) + kKeyBytes, halves.data(), count * sizeof(uint16_t));
    values = std::ranges::transform(halves, values, f16_to_f32).out;
  }
  return embeddings;
}

}  // namespace easel
