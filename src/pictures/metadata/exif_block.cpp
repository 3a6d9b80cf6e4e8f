#include "pictures/metadata/exif_block.h"

#include <libexif/exif-data.h>
#include <libexif/exif-utils.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "easel/error.h"
#include "pictures/metadata/character_encodings.h"

namespace easel {
namespace {

// The 8 bytes before a UserComment that name its encoding.
constexpr std::string_view kUnicodePrefix("UNICODE\0", 8);
constexpr std::string_view kAsciiPrefix("ASCII\0\0\0", 8);
constexpr std::string_view kUndefinedPrefix("\0\0\0\0\0\0\0\0", 8);

struct Unreference {
  void operator()(ExifData* data) const { exif_data_unref(data); }
  void operator()(ExifEntry* entry) const { exif_entry_unref(entry); }
  void operator()(ExifMem* memory) const { exif_mem_unref(memory); }
};
template <typename T>
using Handle = std::unique_ptr<T, Unreference>;

std::span<const uint8_t> bytes_of(const ExifEntry* entry) {
  return entry != nullptr && entry->data != nullptr ? std::span<const uint8_t>(entry->data, entry->size)
                                                    : std::span<const uint8_t>();
}

// Text up to its first NUL; what is not UTF-8 is taken as Latin-1.
std::string text_of(std::span<const uint8_t> bytes) {
  std::string text(bytes.begin(), std::ranges::find(bytes, uint8_t{0}));
  return is_valid_utf8(text) ? text : latin1_to_utf8(text);
}

// The standard leaves the byte order of UNICODE comments open: some writers follow the file's, others (piexif, which
// the webui uses) always write big-endian. Most texts have many characters below U+0100, whose high bytes are zero.
std::endian guess_byte_order(std::span<const uint8_t> utf16, std::endian byte_order_of_file) {
  std::ptrdiff_t zero_first = 0, zero_second = 0;
  for (size_t i = 0; i + 1 < utf16.size(); i += 2) {
    zero_first += utf16[i] == 0;
    zero_second += utf16[i + 1] == 0;
  }
  if (zero_first == zero_second) return byte_order_of_file;
  return zero_first > zero_second ? std::endian::big : std::endian::little;
}

std::string user_comment_of(std::span<const uint8_t> bytes, std::endian byte_order_of_file) {
  if (bytes.size() < 8) return "";
  const std::string_view prefix(reinterpret_cast<const char*>(bytes.data()), 8);
  const auto content = bytes.subspan(8);
  if (prefix == kUnicodePrefix) return utf16_to_utf8(content, guess_byte_order(content, byte_order_of_file));
  if (prefix == kAsciiPrefix || prefix == kUndefinedPrefix) return text_of(content);
  return "";
}

void add_entry(ExifData& data, ExifIfd ifd, ExifTag tag, ExifFormat format, std::span<const uint8_t> content) {
  const Handle<ExifMem> memory(exif_mem_new_default());
  const Handle<ExifEntry> entry(exif_entry_new_mem(memory.get()));
  if (!entry) throw std::bad_alloc();
  entry->tag = tag;
  entry->format = format;
  entry->components = content.size();
  entry->size = static_cast<unsigned>(content.size());
  entry->data = static_cast<unsigned char*>(exif_mem_alloc(memory.get(), entry->size));
  if (entry->data == nullptr) throw std::bad_alloc();
  std::ranges::copy(content, entry->data);
  exif_content_add_entry(data.ifd[ifd], entry.get());
}

}  // namespace

ExifFields parse_exif(std::span<const uint8_t> block) {
  std::vector<uint8_t> with_header(kExifHeader.begin(), kExifHeader.end());  // which libexif insists on
  if (std::ranges::equal(block.first(std::min(block.size(), kExifHeader.size())), kExifHeader))
    block = block.subspan(kExifHeader.size());
  with_header.insert(with_header.end(), block.begin(), block.end());

  ExifFields fields;
  const Handle<ExifData> data(exif_data_new_from_data(with_header.data(), static_cast<unsigned>(with_header.size())));
  if (!data) return fields;
  const ExifByteOrder order = exif_data_get_byte_order(data.get());
  const ExifEntry* orientation = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (bytes_of(orientation).size() >= 2 && orientation->format == EXIF_FORMAT_SHORT)
    if (const int value = exif_get_short(orientation->data, order); value >= 1 && value <= 8)
      fields.orientation = value;
  const auto text_of_tag = [&](ExifTag tag) {
    return text_of(bytes_of(exif_content_get_entry(data->ifd[EXIF_IFD_0], tag)));
  };
  fields.image_description = text_of_tag(EXIF_TAG_IMAGE_DESCRIPTION);
  fields.make = text_of_tag(EXIF_TAG_MAKE);
  fields.model = text_of_tag(EXIF_TAG_MODEL);
  fields.user_comment =
      user_comment_of(bytes_of(exif_content_get_entry(data->ifd[EXIF_IFD_EXIF], EXIF_TAG_USER_COMMENT)),
                      order == EXIF_BYTE_ORDER_MOTOROLA ? std::endian::big : std::endian::little);
  return fields;
}

std::vector<uint8_t> build_exif(const ExifFields& fields) {
  const Handle<ExifData> data(exif_data_new());
  if (!data) throw std::bad_alloc();
  exif_data_set_byte_order(data.get(), EXIF_BYTE_ORDER_MOTOROLA);
  if (!fields.image_description.empty()) {
    std::vector<uint8_t> text(fields.image_description.begin(), fields.image_description.end());
    text.push_back(0);
    add_entry(*data, EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION, EXIF_FORMAT_ASCII, text);
  }
  if (!fields.user_comment.empty()) {
    std::vector<uint8_t> text(kUnicodePrefix.begin(), kUnicodePrefix.end());
    const std::vector<uint8_t> utf16 = utf8_to_utf16_big_endian(fields.user_comment);
    text.insert(text.end(), utf16.begin(), utf16.end());
    add_entry(*data, EXIF_IFD_EXIF, EXIF_TAG_USER_COMMENT, EXIF_FORMAT_UNDEFINED, text);
  }
  unsigned char* saved = nullptr;
  unsigned size = 0;
  exif_data_save_data(data.get(), &saved, &size);
  const std::unique_ptr<unsigned char, decltype(&std::free)> owned(saved, &std::free);
  if (size < kExifHeader.size()) throw Error(ErrorCode::Internal, "the EXIF block could not be built");
  if (size - kExifHeader.size() > kMaxExifBytes)
    throw Error(ErrorCode::InvalidArgument, "an EXIF block of " + std::to_string(size - kExifHeader.size()) +
                                                " bytes for its text; JPEG and WebP hold " +
                                                std::to_string(kMaxExifBytes) + ", PNG has no such limit");
  return {saved + kExifHeader.size(), saved + size};
}

}  // namespace easel
