#include "pictures/metadata/hidden_text.h"

#include <zlib.h>

#include <optional>
#include <string_view>
#include <vector>

#include "pictures/metadata/character_encodings.h"

namespace easel {
namespace {

constexpr size_t kMaxTextBytes = size_t{16} << 20;

// The lowest bits of the channels first..last of every pixel, column by column, the first bit the highest of a byte.
class BitReader {
 public:
  BitReader(const Picture& picture, int first, int last)
      : picture_(picture), first_(first), num_channels_(static_cast<size_t>(last - first + 1)) {}

  size_t bytes_left() const {
    const size_t bits =
        static_cast<size_t>(picture_.width_px) * static_cast<size_t>(picture_.height_px) * num_channels_;
    return (bits - at_) / 8;
  }
  // REQUIRES: bytes_left() >= count.
  std::string read(size_t count) {
    std::string bytes(count, '\0');
    for (char& byte : bytes)
      for (int bit = 0; bit < 8; ++bit) byte = static_cast<char>(static_cast<unsigned char>(byte) << 1 | next());
    return bytes;
  }

 private:
  unsigned next() {
    const auto height = static_cast<size_t>(picture_.height_px);
    const size_t pixel = at_ / num_channels_, channel = static_cast<size_t>(first_) + at_ % num_channels_;
    ++at_;
    const size_t place = pixel % height * static_cast<size_t>(picture_.width_px) + pixel / height;
    return picture_.pixels[place * static_cast<size_t>(picture_.channels) + channel] & 1u;
  }

  const Picture& picture_;
  int first_;
  size_t num_channels_, at_ = 0;
};

std::optional<std::string> gunzipped(const std::string& compressed) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return std::nullopt;
  std::vector<unsigned char> input(compressed.begin(), compressed.end());
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  std::string text;
  std::vector<unsigned char> block(65'536);
  int status = Z_OK;
  while (status == Z_OK && text.size() <= kMaxTextBytes) {
    stream.next_out = block.data();
    stream.avail_out = static_cast<uInt>(block.size());
    status = inflate(&stream, Z_NO_FLUSH);
    text.append(block.begin(), block.end() - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END ? std::optional(std::move(text)) : std::nullopt;
}

// plain, zipped: what stands before the text.
std::string text_in(BitReader bits, std::string_view plain, std::string_view zipped) {
  if (bits.bytes_left() < plain.size() + 4) return "";
  const std::string signature = bits.read(plain.size());
  if (signature != plain && signature != zipped) return "";
  size_t length_bits = 0;
  for (const char byte : bits.read(4)) length_bits = length_bits << 8 | static_cast<unsigned char>(byte);
  if (length_bits / 8 > std::min(bits.bytes_left(), kMaxTextBytes)) return "";
  const std::string stored = bits.read(length_bits / 8);
  const std::optional<std::string> text = signature == plain ? stored : gunzipped(stored);
  return text && is_valid_utf8(*text) ? *text : "";
}

}  // namespace

std::string hidden_text(const Picture& picture) {
  std::string text;
  if (picture.channels == 4) text = text_in(BitReader(picture, 3, 3), "stealth_pnginfo", "stealth_pngcomp");
  if (text.empty() && picture.channels >= 3)
    text = text_in(BitReader(picture, 0, 2), "stealth_rgbinfo", "stealth_rgbcomp");
  return text;
}

}  // namespace easel
