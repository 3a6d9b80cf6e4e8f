// file_hash.h — the hashes by which the field names model files. SHA-256 as lower-case hexadecimal digits.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace easel {

std::string sha256(std::string_view bytes);

// Of the whole file. Throws as MappedFile::open.
std::string file_sha256(const std::filesystem::path& path);
// The webui's "Model hash": the first 10 digits of it.
std::string model_hash(const std::filesystem::path& path);
// The webui's older one: the first 8 digits of the hash of 64 KiB from offset 1 MiB (of less where the file ends
// there).
std::string legacy_model_hash(const std::filesystem::path& path);
// Of a safetensors file's tensor data, without the header: how LoRA files are named. Throws CorruptFile where the
// header does not fit the file.
std::string tensor_data_sha256(const std::filesystem::path& path);

}  // namespace easel
