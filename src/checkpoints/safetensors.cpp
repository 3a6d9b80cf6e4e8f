// The format: u64 N (little-endian), N bytes of JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]}, …,
// "__metadata__": {string: string}}, then the tensors' bytes, row-major, without holes.
// https://github.com/huggingface/safetensors#format
#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "checkpoints/stored_tensor.h"
#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/atomic_file.h"
#include "files/json_reader.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the format is little-endian and its tensors are mapped");

constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kMaxHeaderBytes = 100'000'000;  // the reference implementation's limit
constexpr size_t kHeaderPadding = 8;               // the data starts at a multiple of it, as the reference writes

struct DTypeName {
  const char* name;
  DType dtype;
};
constexpr DTypeName kDTypeNames[] = {
    {"F32", DType::f32},      {"F16", DType::f16},         {"BF16", DType::bf16},       {"F64", DType::f64},
    {"BOOL", DType::boolean}, {"U8", DType::u8},           {"I8", DType::i8},           {"I16", DType::i16},
    {"U16", DType::u16},      {"I32", DType::i32},         {"U32", DType::u32},         {"I64", DType::i64},
    {"U64", DType::u64},      {"F8_E4M3", DType::f8_e4m3}, {"F8_E5M2", DType::f8_e5m2},
};
// Defined by the format, without use in Stable Diffusion's files.
constexpr const char* kUnsupportedNames[] = {"F4",          "F6_E2M3",     "F6_E3M2", "F8_E8M0",
                                             "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64"};

struct Entry {
  std::string name;
  DType dtype;
  Shape shape;
  uint64_t begin;  // in bytes from the start of the data
  uint64_t end;
};

class Reader {
 public:
  Reader(const std::shared_ptr<Storage>& file, const std::string& name) : file_(file), name_(name) {}

  TensorFile read() {
    const json header = read_header();
    TensorFile result;
    std::vector<Entry> entries;
    for (const auto& [key, value] : header.items()) {
      if (key == "__metadata__")
        result.metadata = read_metadata(value);
      else
        entries.push_back(read_entry(key, value));
    }
    check_layout(entries);
    std::vector<StoredTensor> stored;
    for (const Entry& entry : entries)
      stored.push_back({entry.name, entry.dtype, entry.shape, data_begin_ + entry.begin, {}});
    result.tensors = place_tensors(file_, stored, name_);
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& what, ErrorCode code = ErrorCode::CorruptFile) const {
    throw Error(code, "[safetensors] " + quoted_text(name_) + ": " + what);
  }
  [[noreturn]] void fail_at(const std::string& tensor, const std::string& what,
                            ErrorCode code = ErrorCode::CorruptFile) const {
    fail("tensor " + quoted_text(tensor) + ": " + what, code);
  }

  json read_header() {
    const std::string_view bytes = storage_bytes(*file_);
    if (bytes.size() < kLengthBytes) fail(std::to_string(bytes.size()) + " bytes; a header needs at least 8");
    uint64_t length = 0;
    std::memcpy(&length, bytes.data(), kLengthBytes);
    const uint64_t available = bytes.size() - kLengthBytes;
    if (length > kMaxHeaderBytes || length > available)
      fail("header of " + std::to_string(length) + " bytes in a file of " + std::to_string(bytes.size()) +
           " bytes; at most 100000000 and the file's size are allowed");
    data_begin_ = kLengthBytes + length;
    data_bytes_ = available - length;
    const std::string_view text = bytes.substr(kLengthBytes, length);
    if (text.empty() || text[0] != '{') fail("the header must start with '{'");
    json header = parse_json(text, name_);
    if (!header.is_object()) fail("the header is no JSON object");
    return header;
  }

  std::map<std::string, std::string> read_metadata(const json& value) const {
    std::map<std::string, std::string> metadata;
    if (!value.is_object()) fail("__metadata__ is no object");
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) fail("__metadata__ value of " + quoted_text(key) + " is no string");
      metadata.emplace(key, text.get_ref<const std::string&>());
    }
    return metadata;
  }

  Entry read_entry(const std::string& name, const json& value) const {
    if (name.find('\0') != name.npos) fail_at(name, "the name holds a NUL");
    if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
        !value.contains("data_offsets"))
      fail_at(name, "must have dtype, shape and data_offsets, and nothing else");
    Entry entry{name, read_dtype(name, value["dtype"]), read_shape(name, value["shape"]), 0, 0};
    const json& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
      fail_at(name, "data_offsets must be two integers from 0 on");
    entry.begin = offsets[0].get<uint64_t>();
    entry.end = offsets[1].get<uint64_t>();
    if (entry.begin > entry.end || entry.end > data_bytes_)
      fail_at(name, "data_offsets " + offsets.dump() + " outside of the " + std::to_string(data_bytes_) +
                        " bytes of data; the file may be truncated");
    const uint64_t needed = static_cast<uint64_t>(entry.shape.numel()) * dtype_size_bytes(entry.dtype);
    if (entry.end - entry.begin != needed)
      fail_at(name, "data_offsets " + offsets.dump() + " for " + entry.shape.to_string() + " " +
                        dtype_name(entry.dtype) + ", which takes " + std::to_string(needed) + " bytes");
    return entry;
  }

  DType read_dtype(const std::string& name, const json& value) const {
    if (!value.is_string()) fail_at(name, "dtype is no string");
    const auto& text = value.get_ref<const std::string&>();
    for (const DTypeName& known : kDTypeNames)
      if (text == known.name) return known.dtype;
    if (std::ranges::find(kUnsupportedNames, text) != std::end(kUnsupportedNames))
      fail_at(name, "element type " + text + " is not supported", ErrorCode::Unsupported);
    fail_at(name, "unknown element type " + quoted_text(text));
  }

  Shape read_shape(const std::string& name, const json& value) const {
    if (!value.is_array()) fail_at(name, "shape is no list");
    if (value.size() > static_cast<size_t>(Shape::kMaxRank))
      fail_at(name, std::to_string(value.size()) + " dimensions; at most 6 are supported", ErrorCode::Unsupported);
    std::vector<int64_t> extents;
    for (const json& extent : value) {
      if (!extent.is_number_unsigned() || extent.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX))
        fail_at(name, "shape must be a list of integers from 0 on");
      extents.push_back(extent.get<int64_t>());
    }
    int64_t numel = 0;
    if (!checked_numel(extents, numel))
      fail_at(name, "shape " + value.dump() + " has more elements than can be counted");
    return Shape(extents.data(), static_cast<int>(extents.size()));
  }

  // Sorted by offset the tensors must cover the data exactly. Sorts `entries`.
  void check_layout(std::vector<Entry>& entries) const {
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
      return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
    });
    uint64_t covered = 0;
    for (const Entry& entry : entries) {
      if (entry.begin != covered)
        fail_at(entry.name, "data starts at " + std::to_string(entry.begin) + " where " + std::to_string(covered) +
                                " was expected: tensors overlap or leave a hole");
      covered = entry.end;
    }
    if (covered != data_bytes_)
      fail(std::to_string(data_bytes_ - covered) + " bytes after the last tensor belong to none");
  }

  const std::shared_ptr<Storage>& file_;
  const std::string& name_;
  uint64_t data_begin_ = 0;
  uint64_t data_bytes_ = 0;
};

const char* file_dtype_name(DType dtype) { return std::ranges::find(kDTypeNames, dtype, &DTypeName::dtype)->name; }

// The reference's order: wider elements first, so that every tensor is aligned, then by name.
std::vector<std::pair<std::string, Tensor>> in_file_order(const std::map<std::string, Tensor>& tensors) {
  std::vector<std::pair<std::string, Tensor>> order(tensors.begin(), tensors.end());
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [](const auto& item) { return dtype_size_bytes(item.second.dtype()); });
  return order;
}

// The JSON header, padded with spaces. Throws InvalidArgument for what the format cannot hold.
std::string header_text(const std::vector<std::pair<std::string, Tensor>>& tensors,
                        const std::map<std::string, std::string>& metadata) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    if (name == "__metadata__" || name.find('\0') != name.npos)
      throw Error(ErrorCode::InvalidArgument, "[safetensors] a tensor cannot be named " + quoted_text(name));
    if (!tensor.defined() || tensor.backend_kind() != BackendKind::cpu)
      throw Error(ErrorCode::InvalidArgument, "[safetensors] tensor " + quoted_text(name) + " is not in host memory");
    header[name] = {{"dtype", file_dtype_name(tensor.dtype())},
                    {"shape", std::vector<int64_t>(tensor.shape().begin(), tensor.shape().end())},
                    {"data_offsets", {offset, offset + tensor.size_bytes()}}};
    offset += tensor.size_bytes();
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception&) {
    throw Error(ErrorCode::InvalidArgument, "[safetensors] names and metadata must be UTF-8");
  }
  text.append((kHeaderPadding - text.size() % kHeaderPadding) % kHeaderPadding, ' ');
  return text;
}

}  // namespace

TensorFile parse_safetensors(const std::shared_ptr<Storage>& file, const std::string& name) {
  return Reader(file, name).read();
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(MappedFile::open(path), path.string());
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  const auto order = in_file_order(file.tensors);
  const std::string text = header_text(order, file.metadata);
  const uint64_t length = text.size();
  AtomicFile out(path);
  out.write(&length, kLengthBytes);
  out.write(text.data(), text.size());
  for (const auto& [name, tensor] : order)
    if (tensor.size_bytes() > 0)
      out.write(static_cast<const char*>(tensor.storage()->data()) + tensor.offset_bytes(), tensor.size_bytes());
  out.commit();
}

}  // namespace easel
