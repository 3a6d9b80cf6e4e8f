#include "files/file_hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "easel/error.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

constexpr size_t kChunkBytes = size_t{4} << 20;  // hashed between two looks at whether to go on: 5 to 20 ms

std::array<unsigned char, 32> sha256_digest(std::string_view bytes) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, 32> digest{};
  bool fine = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (; fine && !bytes.empty(); bytes.remove_prefix(std::min(kChunkBytes, bytes.size()))) {
    throw_if_cancelled();
    fine = EVP_DigestUpdate(context.get(), bytes.data(), std::min(kChunkBytes, bytes.size())) == 1;
  }
  if (!fine || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    throw Error(ErrorCode::Internal, "[hash] SHA-256 failed");
  return digest;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  const auto digest = sha256_digest(bytes);
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
