#include "checkpoints/pickle/zip_directory.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50;    // section 4.3.7
constexpr uint32_t kCentralHeader = 0x02014b50;  // section 4.3.12
constexpr uint32_t kEnd64 = 0x06064b50;          // section 4.3.14
constexpr uint32_t kEnd64Locator = 0x07064b50;   // section 4.3.15
constexpr uint32_t kEnd = 0x06054b50;            // section 4.3.16
constexpr size_t kLocalHeaderBytes = 30;
constexpr size_t kCentralHeaderBytes = 46;
constexpr size_t kEnd64LocatorBytes = 20;
constexpr size_t kEndBytes = 22;
constexpr size_t kLongestComment = 0xffff;
constexpr uint16_t kEncrypted = 1;
constexpr uint16_t kZip64Extra = 1;  // section 4.5.3
constexpr size_t kChecksummedBytes = size_t{16} << 20;

class DirectoryReader {
 public:
  DirectoryReader(std::string_view archive, const std::string& name) : archive_(archive), name_(name) {}

  std::map<std::string, std::string_view> read() {
    find_directory();
    std::map<std::string, std::string_view> entries;
    size_t position = directory_begin_;
    uint64_t content_bytes = 0;
    for (uint64_t i = 0; i < entry_count_; ++i) {
      const CentralHeader header = read_central_header(position);
      // Else a small archive could ask for the same bytes to be checked a million times.
      content_bytes += header.size;
      if (header.size > archive_.size() || content_bytes > archive_.size()) fail("entries overlap or are truncated");
      if (!entries.emplace(header.name, entry_bytes(header)).second)
        fail("entry " + quoted_text(header.name) + " appears twice");
      position += header.length_bytes;
    }
    if (position != directory_end_) fail("the table of contents does not end where it says");
    return entries;
  }

 private:
  struct CentralHeader {
    std::string name;
    uint64_t size = 0;
    uint64_t compressed_size = 0;
    uint64_t local_header = 0;
    uint32_t checksum = 0;
    size_t length_bytes = 0;
  };

  [[noreturn]] void fail(const std::string& what, ErrorCode code = ErrorCode::CorruptFile) const {
    throw Error(code, "[zip] " + quoted_text(name_) + ": " + what);
  }

  // A little-endian number inside the archive.
  template <typename T>
  T number(uint64_t position) const {
    if (position > archive_.size() || archive_.size() - position < sizeof(T)) fail("truncated");
    T value{};
    std::memcpy(&value, archive_.data() + position, sizeof value);
    return value;
  }

  std::string_view bytes(uint64_t position, uint64_t length) const {
    if (position > archive_.size() || archive_.size() - position < length) fail("truncated");
    return archive_.substr(position, length);
  }

  // The end record is the last thing in the file but for a comment, whose length must then fit.
  size_t find_end_record() const {
    if (archive_.size() >= kEndBytes) {
      const size_t last = archive_.size() - kEndBytes;
      const size_t first = last - std::min(last, kLongestComment);
      for (size_t position = last + 1; position-- > first;)
        if (number<uint32_t>(position) == kEnd &&
            position + kEndBytes + number<uint16_t>(position + 20) == archive_.size())
          return position;
    }
    fail("no table of contents at the end; the file may be truncated");
  }

  void find_directory() {
    const size_t end = find_end_record();
    directory_end_ = end;
    uint64_t size = number<uint32_t>(end + 12);
    directory_begin_ = number<uint32_t>(end + 16);
    entry_count_ = number<uint16_t>(end + 10);
    bool several_parts = number<uint16_t>(end + 4) != 0 || number<uint16_t>(end + 8) != entry_count_;
    if (end >= kEnd64LocatorBytes && number<uint32_t>(end - kEnd64LocatorBytes) == kEnd64Locator) {
      directory_end_ = number<uint64_t>(end - kEnd64LocatorBytes + 8);
      if (directory_end_ > end - kEnd64LocatorBytes || number<uint32_t>(directory_end_) != kEnd64)
        fail("broken 64-bit end record");
      several_parts = several_parts || number<uint32_t>(directory_end_ + 16) != 0;
      replace(entry_count_, number<uint64_t>(directory_end_ + 32), 0xffff);
      replace(size, number<uint64_t>(directory_end_ + 40), 0xffffffff);
      replace(directory_begin_, number<uint64_t>(directory_end_ + 48), 0xffffffff);
    }
    if (several_parts) fail("an archive in several parts", ErrorCode::Unsupported);
    if (directory_begin_ > directory_end_ || directory_end_ - directory_begin_ != size)
      fail("the table of contents does not lie where it says");
    if (entry_count_ > size / kCentralHeaderBytes) fail(std::to_string(entry_count_) + " entries do not fit the file");
  }

  // A number of the 64-bit end record; that of the short one must say the same or be all ones.
  void replace(uint64_t& value, uint64_t wide, uint64_t all_ones) const {
    if (value != wide && value != all_ones) fail("its two end records disagree");
    value = wide;
  }

  CentralHeader read_central_header(uint64_t position) const {
    if (number<uint32_t>(position) != kCentralHeader) fail("broken table of contents");
    if ((number<uint16_t>(position + 8) & kEncrypted) != 0) fail("encrypted", ErrorCode::Unsupported);
    CentralHeader header;
    header.checksum = number<uint32_t>(position + 16);
    header.compressed_size = number<uint32_t>(position + 20);
    header.size = number<uint32_t>(position + 24);
    header.local_header = number<uint32_t>(position + 42);
    const uint16_t name_length = number<uint16_t>(position + 28);
    const uint16_t extra_length = number<uint16_t>(position + 30);
    header.name = bytes(position + kCentralHeaderBytes, name_length);
    header.length_bytes = kCentralHeaderBytes + name_length + extra_length + number<uint16_t>(position + 32);
    read_zip64_extra(header, position + kCentralHeaderBytes + name_length, extra_length);
    if (number<uint16_t>(position + 10) != 0)
      fail("entry " + quoted_text(header.name) + " is compressed; PyTorch stores entries as they are",
           ErrorCode::Unsupported);
    if (header.size != header.compressed_size) fail("entry " + quoted_text(header.name) + " has two sizes");
    return header;
  }

  // Fields that are all ones in the header follow, in order, in the extra field of id 1.
  void read_zip64_extra(CentralHeader& header, uint64_t position, uint64_t length) const {
    constexpr uint32_t kElsewhere = 0xffffffff;
    const uint64_t end = position + bytes(position, length).size();
    while (end - position >= 4) {
      const uint16_t id = number<uint16_t>(position);
      const uint16_t size = number<uint16_t>(position + 2);
      position += 4;
      if (size > end - position) fail("broken extra field");
      if (id == kZip64Extra) {
        uint64_t field = position;
        for (uint64_t* value : {&header.size, &header.compressed_size, &header.local_header})
          if (*value == kElsewhere && field + 8 <= position + size) {
            *value = number<uint64_t>(field);
            field += 8;
          }
      }
      position += size;
    }
  }

  std::string_view entry_bytes(const CentralHeader& header) const {
    const uint64_t local = header.local_header;
    if (local > directory_begin_ || directory_begin_ - local < kLocalHeaderBytes ||
        number<uint32_t>(local) != kLocalHeader)
      fail("entry " + quoted_text(header.name) + " is not where the table of contents says");
    const uint16_t name_length = number<uint16_t>(local + 26);
    const uint64_t begin = local + kLocalHeaderBytes + name_length + number<uint16_t>(local + 28);
    if (bytes(local + kLocalHeaderBytes, name_length) != header.name)
      fail("entry " + quoted_text(header.name) + " has two names");
    if (begin > directory_begin_ || directory_begin_ - begin < header.size)
      fail("entry " + quoted_text(header.name) + " of " + std::to_string(header.size) + " bytes ends past its archive");
    const std::string_view content = archive_.substr(begin, header.size);
    if (content.size() <= kChecksummedBytes &&
        crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()) != header.checksum)
      fail("entry " + quoted_text(header.name) + " does not match its checksum");
    return content;
  }

  std::string_view archive_;
  const std::string& name_;
  uint64_t directory_begin_ = 0;
  uint64_t directory_end_ = 0;
  uint64_t entry_count_ = 0;
};

}  // namespace

std::map<std::string, std::string_view> read_zip_directory(std::string_view archive, const std::string& name) {
  return DirectoryReader(archive, name).read();
}

}  // namespace easel
