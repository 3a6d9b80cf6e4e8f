// cache_file.h — what the caches of training share: one safetensors file each, tied to what it was made from, with f16
// numbers that are written in place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

using CacheMetadata = std::map<std::string, std::string>;

// Where a cache is, and the parameter that says so: for messages.
struct CachePlace {
  std::string parameter;  // "latent_cache"
  std::filesystem::path path;
};

// The header of a safetensors file (its length, its JSON), filled up with spaces to a multiple of `alignment` bytes.
// tensors: an object as the format has it, without __metadata__.
std::string cache_header(const CacheMetadata& metadata, const nlohmann::ordered_json& tensors, size_t alignment);

// A new file of `size_bytes` with this header and zeros behind it, whole or not at all under its name. Throws as
// RandomAccessFile does.
void create_cache_file(const CachePlace& place, const std::string& header, uint64_t size_bytes);

// Throws InvalidArgument: the file, why it is not used, what to do.
[[noreturn]] void refuse_cache(const CachePlace& place, const std::string& why);
// The same for what was made by something else.
[[noreturn]] void refuse_foreign_file(const CachePlace& place);
// Refuses a file whose metadata lacks one of the wanted values, naming it.
void require_same_metadata(const CachePlace& place, const CacheMetadata& wanted, const CacheMetadata& found);

// "cache.safetensors" for number 0, "cache-1.safetensors" for 1.
std::filesystem::path numbered_cache_file(const std::filesystem::path& file, int64_t number);

// Names weights by their names and values. Host tensors.
std::string weights_sha256(const std::map<std::string, Tensor>& weights);

// `values` in f16. Throws Unsupported, beginning with `what`, where one is not finite then.
std::vector<uint16_t> finite_halves(std::span<const float> values, const std::string& what);

}  // namespace easel
