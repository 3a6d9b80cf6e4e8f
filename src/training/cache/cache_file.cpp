#include "training/cache/cache_file.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/file_hash.h"
#include "files/quoted_text.h"
#include "files/random_access_file.h"

namespace easel {

namespace fs = std::filesystem;

namespace {

// Their values are hashes, which say nothing to a reader.
constexpr const char* kHashed[] = {"model", "dataset", "text_encoder"};

}  // namespace

std::string cache_header(const CacheMetadata& metadata, const nlohmann::ordered_json& tensors, size_t alignment) {
  nlohmann::ordered_json header;
  header["__metadata__"] = metadata;
  header.update(tensors);
  std::string text = header.dump();
  const size_t used = sizeof(uint64_t) + text.size();
  text.append((alignment - used % alignment) % alignment, ' ');
  const uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
}

void create_cache_file(const CachePlace& place, const std::string& header, uint64_t size_bytes) {
  fs::path temporary = place.path;
  temporary += ".new";
  {
    RandomAccessFile file(temporary, RandomAccessFile::Mode::create);
    try {
      file.allocate(size_bytes);
      file.write(0, header.data(), header.size());
      file.sync();
    } catch (const Error&) {
      fs::remove(temporary);
      throw;
    }
  }
  fs::rename(temporary, place.path);
}

void refuse_cache(const CachePlace& place, const std::string& why) {
  throw Error(ErrorCode::InvalidArgument, "[" + place.parameter + "] " + quoted_text(place.path.string()) + " " + why +
                                              "; remove it, or give " + place.parameter + " another name");
}

void refuse_foreign_file(const CachePlace& place) {
  std::string kind = place.parameter;
  std::ranges::replace(kind, '_', ' ');
  refuse_cache(place, "is no " + kind);
}

void require_same_metadata(const CachePlace& place, const CacheMetadata& wanted, const CacheMetadata& found) {
  for (const auto& [name, value] : wanted) {
    const auto entry = found.find(name);
    if (entry == found.end()) refuse_foreign_file(place);
    if (entry->second == value) continue;
    if (std::ranges::find(kHashed, name) != std::end(kHashed)) refuse_cache(place, "belongs to another " + name);
    refuse_cache(place, "has " + name + " = " + quoted_text(entry->second) + " instead of " + value);
  }
}

fs::path numbered_cache_file(const fs::path& file, int64_t number) {
  if (number == 0) return file;
  return file.parent_path() / (file.stem().string() + "-" + std::to_string(number) + file.extension().string());
}

std::string weights_sha256(const std::map<std::string, Tensor>& weights) {
  std::string hashes;
  for (const auto& [name, tensor] : weights) {
    const auto* const bytes = static_cast<const char*>(tensor.storage()->data()) + tensor.offset_bytes();
    hashes += name + " " + sha256({bytes, tensor.size_bytes()}) + "\n";
  }
  return sha256(hashes);
}

std::vector<uint16_t> finite_halves(std::span<const float> values, const std::string& what) {
  std::vector<uint16_t> halves(values.size());
  std::ranges::transform(values, halves.begin(), f32_to_f16);
  if (!std::ranges::all_of(halves, [](uint16_t half) { return std::isfinite(f16_to_f32(half)); }))
    throw Error(ErrorCode::Unsupported, what + " is not finite in f16");
  return halves;
}

}  // namespace easel
