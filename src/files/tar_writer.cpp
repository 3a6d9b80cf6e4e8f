#include "files/tar_writer.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "easel/error.h"

namespace easel {
namespace {

constexpr size_t kBlockBytes = 512;
constexpr size_t kMaxNameBytes = 100;
constexpr uint64_t kMaxContentBytes = uint64_t{1} << 33;  // 11 octal digits

// Fields of the header block: POSIX.1-1988, table 10-1 (pax(1), "ustar Interchange Format").
struct Field {
  size_t offset, size_bytes;
};
constexpr Field kMode{100, 8}, kUid{108, 8}, kGid{116, 8}, kSize{124, 12}, kTime{136, 12}, kChecksum{148, 8};
constexpr size_t kTypeOffset = 156, kMagicOffset = 257;

using Block = std::array<char, kBlockBytes>;

// Octal digits that fill the field up to its closing NUL.
void put_octal(Block& block, Field field, uint64_t value) {
  std::snprintf(block.data() + field.offset, field.size_bytes, "%0*llo", static_cast<int>(field.size_bytes) - 1,
                static_cast<unsigned long long>(value));
}

Block header(const std::string& name, uint64_t size_bytes) {
  Block block{};
  std::memcpy(block.data(), name.data(), name.size());
  put_octal(block, kMode, 0644);
  put_octal(block, kUid, 0);
  put_octal(block, kGid, 0);
  put_octal(block, kSize, size_bytes);
  put_octal(block, kTime, 0);
  block[kTypeOffset] = '0';  // a regular file
  std::memcpy(block.data() + kMagicOffset, "ustar\00000", 8);
  std::memset(block.data() + kChecksum.offset, ' ', kChecksum.size_bytes);  // as it counts in its own sum
  uint64_t sum = 0;
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  std::snprintf(block.data() + kChecksum.offset, kChecksum.size_bytes - 1, "%06llo",
                static_cast<unsigned long long>(sum));
  return block;
}

}  // namespace

TarWriter::TarWriter(const std::filesystem::path& path) : file_(path) {}

void TarWriter::add(const std::string& name, std::span<const uint8_t> content) {
  if (name.empty() || name.size() > kMaxNameBytes)
    throw Error(ErrorCode::InvalidArgument, "[tar] name = " + name + "; must be 1..100 bytes");
  if (content.size() >= kMaxContentBytes)
    throw Error(ErrorCode::InvalidArgument,
                "[tar] " + name + " has " + std::to_string(content.size()) + " bytes; must be below 8 GiB");
  const Block block = header(name, content.size());
  file_.write(block.data(), block.size());
  file_.write(content.data(), content.size());
  const Block zeros{};
  file_.write(zeros.data(), (kBlockBytes - content.size() % kBlockBytes) % kBlockBytes);
}

void TarWriter::add(const std::string& name, const std::string& content) {
  add(name, std::span(reinterpret_cast<const uint8_t*>(content.data()), content.size()));
}

void TarWriter::finish() {
  const Block zeros{};  // two empty blocks end an archive
  file_.write(zeros.data(), zeros.size());
  file_.write(zeros.data(), zeros.size());
  file_.commit();
}

}  // namespace easel
