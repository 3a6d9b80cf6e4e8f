#include "datasets/tar_index.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "files/random_access_file.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

// The header block of POSIX.1-1988, section 10.1.1: offset and length of its fields.
constexpr uint64_t kBlockBytes = 512;
struct Field {
  size_t offset, length;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kChecksum{148, 8}, kMagic{257, 5}, kPrefix{345, 155};
constexpr size_t kTypeOffset = 156;
constexpr uint64_t kMaxExtensionBytes = 1 << 20;  // of a pax header or a long name

using Block = std::vector<uint8_t>;

std::string_view field_text(const Block& block, Field field) {
  const std::string_view text(reinterpret_cast<const char*>(block.data()) + field.offset, field.length);
  return text.substr(0, std::min(text.find('\0'), text.size()));
}

// Octal digits between spaces; or, with the top bit of the first byte set, a big-endian number (GNU).
std::optional<uint64_t> field_number(const Block& block, Field field) {
  const std::span<const uint8_t> bytes(block.data() + field.offset, field.length);
  uint64_t value = 0;
  if (bytes[0] & 0x80) {
    for (size_t i = 0; i < bytes.size(); ++i) {
      if (value >> 55) return std::nullopt;  // the next byte would not fit into 63 bits
      value = value << 8 | (i == 0 ? bytes[0] & 0x7F : bytes[i]);
    }
    return value;
  }
  std::string_view text = field_text(block, field);
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The sum of the block's bytes with the checksum itself as spaces.
bool checksum_fits(const Block& block) {
  uint64_t sum = 0;
  for (size_t i = 0; i < block.size(); ++i)
    sum += i >= kChecksum.offset && i < kChecksum.offset + kChecksum.length ? ' ' : block[i];
  return field_number(block, kChecksum) == sum;
}

bool is_zero(const Block& block) {
  return std::ranges::all_of(block, [](uint8_t byte) { return byte == 0; });
}

// Records "length key=value\n" of a pax extended header. Malformed ones end it.
std::map<std::string, std::string> pax_records(std::string_view text) {
  std::map<std::string, std::string> records;
  while (!text.empty()) {
    size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<size_t>(end - text.data());
    if (error != std::errc() || length > text.size() || length < digits + 2) break;
    const std::string_view record = text.substr(digits + 1, length - digits - 2);  // without the space and the \n
    if (const size_t equals = record.find('='); equals != record.npos)
      records[std::string(record.substr(0, equals))] = record.substr(equals + 1);
    text.remove_prefix(length);
  }
  return records;
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path)
      : file_(path, RandomAccessFile::Mode::read), length_(file_.size_bytes()) {}

  TarIndex read() {
    while (index_.problem.empty() && offset_ + kBlockBytes <= length_) {
      throw_if_cancelled();
      const Block block = file_.read(offset_, kBlockBytes);
      if (is_zero(block)) return std::move(index_);
      read_member(block);
    }
    if (index_.problem.empty()) index_.problem = "ends without the two blocks of zeros that close an archive";
    return std::move(index_);
  }

 private:
  void read_member(const Block& block) {
    const std::optional<uint64_t> stored_size = field_number(block, kSize);
    if (!checksum_fits(block) || !stored_size)
      return static_cast<void>(index_.problem = "no tar header at byte " + std::to_string(offset_));
    const uint64_t begin = offset_ + kBlockBytes;
    const char type = static_cast<char>(block[kTypeOffset]);
    const bool extension = type == 'x' || type == 'L';
    uint64_t size = *stored_size;
    if (!extension && pax_size_) size = *pax_size_;
    if (size > length_ - begin)
      return static_cast<void>(index_.problem = "is cut off inside of the member at byte " + std::to_string(offset_));
    if (extension)
      read_extension(type, begin, size);
    else
      add_member(block, type, begin, size);
    offset_ = begin + (size + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
  }

  // What a pax header or a GNU long name says about the member after it.
  void read_extension(char type, uint64_t begin, uint64_t size) {
    if (size > kMaxExtensionBytes)
      return static_cast<void>(index_.problem = "has a header of " + std::to_string(size) + " bytes");
    const std::vector<uint8_t> bytes = file_.read(begin, size);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (type == 'L') {
      long_name_ = text.substr(0, std::min(text.find('\0'), text.size()));
      return;
    }
    const auto records = pax_records(text);
    if (const auto path = records.find("path"); path != records.end()) long_name_ = path->second;
    if (const auto found = records.find("size"); found != records.end()) {
      uint64_t value = 0;
      const std::string& digits = found->second;
      if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc()) pax_size_ = value;
    }
  }

  void add_member(const Block& block, char type, uint64_t begin, uint64_t size) {
    std::string name = long_name_;
    if (name.empty()) {
      const std::string_view prefix = field_text(block, kMagic) == "ustar" ? field_text(block, kPrefix) : "";
      name = std::string(prefix) + (prefix.empty() ? "" : "/") + std::string(field_text(block, kName));
    }
    while (name.starts_with("./")) name.erase(0, 2);
    if (type == '0' || type == '\0') index_.members.push_back({std::move(name), begin, size});
    long_name_.clear();
    pax_size_.reset();
  }

  RandomAccessFile file_;
  uint64_t length_;
  uint64_t offset_ = 0;
  std::string long_name_;             // of the next member
  std::optional<uint64_t> pax_size_;  // of the next member
  TarIndex index_;
};

}  // namespace

TarIndex read_tar_index(const std::filesystem::path& path) { return Reader(path).read(); }

}  // namespace easel
