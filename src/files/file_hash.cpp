#include "files/file_hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "easel/error.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"

namespace easel {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw Error(ErrorCode::Internal, "[hash] SHA-256 failed");
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string file_sha256(const std::filesystem::path& path) { return sha256(storage_bytes(*MappedFile::open(path))); }

std::string model_hash(const std::filesystem::path& path) { return file_sha256(path).substr(0, 10); }

std::string legacy_model_hash(const std::filesystem::path& path) {
  constexpr size_t kOffset = 0x100000, kLength = 0x10000;
  const auto file = MappedFile::open(path);
  const std::string_view bytes = storage_bytes(*file);
  return sha256(bytes.substr(std::min(kOffset, bytes.size()), kLength)).substr(0, 8);
}

std::string tensor_data_sha256(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  const std::string_view bytes = storage_bytes(*file);
  uint64_t header_bytes = 0;
  if (bytes.size() >= sizeof header_bytes) std::memcpy(&header_bytes, bytes.data(), sizeof header_bytes);
  if (bytes.size() < sizeof header_bytes || header_bytes > bytes.size() - sizeof header_bytes)
    throw Error(ErrorCode::CorruptFile, "[hash] " + quoted_text(path.string()) + " is no safetensors file");
  return sha256(bytes.substr(sizeof header_bytes + header_bytes));
}

}  // namespace easel
