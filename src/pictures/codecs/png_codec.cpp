#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "easel/error.h"
#include "pictures/codecs/picture_codecs.h"
#include "pictures/metadata/character_encodings.h"
#include "pictures/metadata/exif_block.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

constexpr const char* kParametersKeyword = "parameters";
constexpr const char* kJsonKeyword = "easel";
constexpr const char* kXmpKeyword = "XML:com.adobe.xmp";

// DEFLATE gives at most 1032 bytes per byte (zlib's technical notes): what claims more is a bomb or cut off.
constexpr int64_t kMaxDeflateRatio = 1032;

constexpr size_t kSignatureBytes = 8;
constexpr size_t kChunkFrameBytes = 12;  // length, type, checksum

// libpng reserves what a chunk's header says before it looks for the content.
void check_chunk_lengths(std::span<const uint8_t> bytes) {
  bytes = bytes.subspan(kSignatureBytes);
  while (bytes.size() >= kChunkFrameBytes) {
    const size_t length = png_get_uint_32(bytes.data());
    if (length > bytes.size() - kChunkFrameBytes) throw Error(ErrorCode::CorruptFile, "the file is cut off");
    bytes = bytes.subspan(kChunkFrameBytes + length);
  }
}

// libpng reports errors by longjmp, which must not pass over objects with destructors: each step below runs inside
// guarded() and keeps what it makes in members.
class PngCodec {
 protected:
  template <typename Self>
  void guarded(void (Self::*step)(), ErrorCode code) {
    if (setjmp(png_jmpbuf(png_)) != 0) throw Error(code, reason_);
    (static_cast<Self*>(this)->*step)();
  }

  static void on_error(png_structp png, png_const_charp reason) {
    auto* self = static_cast<PngCodec*>(png_get_error_ptr(png));
    std::strncpy(self->reason_, reason, sizeof self->reason_ - 1);
    std::longjmp(png_jmpbuf(png), 1);
  }
  static void on_warning(png_structp, png_const_charp) {}

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  char reason_[128] = "libpng could not start";
};

class PngDecoder : public PngCodec {
 public:
  explicit PngDecoder(std::span<const uint8_t> bytes) : bytes_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, static_cast<PngCodec*>(this), on_error, on_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw Error(ErrorCode::ResourceExhausted, reason_);
    }
    png_set_read_fn(png_, this, read);
  }
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  DecodedPicture decode() {
    guarded(&PngDecoder::read_header, ErrorCode::CorruptFile);
    check_size();
    guarded(&PngDecoder::choose_transforms, ErrorCode::CorruptFile);
    allocate();
    guarded(&PngDecoder::read_pixels, ErrorCode::CorruptFile);
    read_text();
    read_exif();
    return std::move(decoded_);
  }

 private:
  static void read(png_structp png, png_bytep out, size_t count) {
    auto* self = static_cast<PngDecoder*>(png_get_io_ptr(png));
    if (count > self->bytes_.size()) png_error(png, "the file is cut off");
    std::memcpy(out, self->bytes_.data(), count);
    self->bytes_ = self->bytes_.subspan(count);
  }

  void read_header() { png_read_info(png_, info_); }

  void check_size() const {
    const int64_t height = png_get_image_height(png_, info_);
    check_picture_size(png_get_image_width(png_, info_), height);
    const auto filtered_bytes = static_cast<int64_t>(png_get_rowbytes(png_, info_)) * height;
    if (filtered_bytes / kMaxDeflateRatio > file_size_)
      throw Error(ErrorCode::CorruptFile, std::to_string(file_size_) + " bytes cannot hold " +
                                              std::to_string(filtered_bytes) + " bytes of pixels");
  }

  // To 8-bit RGB, or RGBA where there is transparency.
  void choose_transforms() {
    png_set_expand(png_);  // palettes, 1 to 4 bits a sample, tRNS
    png_set_scale_16(png_);
    png_set_gray_to_rgb(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  void allocate() {
    Picture& picture = decoded_.picture;
    picture.width_px = static_cast<int>(png_get_image_width(png_, info_));
    picture.height_px = static_cast<int>(png_get_image_height(png_, info_));
    picture.channels = png_get_channels(png_, info_);
    const size_t row_bytes = static_cast<size_t>(picture.width_px) * static_cast<size_t>(picture.channels);
    if (row_bytes != png_get_rowbytes(png_, info_)) throw Error(ErrorCode::Internal, "libpng's row size differs");
    picture.pixels.resize(row_bytes * static_cast<size_t>(picture.height_px));
    for (int y = 0; y < picture.height_px; ++y)
      rows_.push_back(picture.pixels.data() + static_cast<size_t>(y) * row_bytes);
  }

  void read_pixels() {
    for (int pass = 0; pass < passes_; ++pass)
      for (const png_bytep row : rows_) {
        throw_if_cancelled();
        png_read_row(png_, row, nullptr);
      }
    png_read_end(png_, info_);
  }

  void read_text() {
    png_textp chunks = nullptr;
    int count = 0;
    png_get_text(png_, info_, &chunks, &count);
    PictureMetadata& metadata = decoded_.metadata;
    for (const png_text& chunk : std::span(chunks, static_cast<size_t>(count))) {
      const bool is_utf8 = chunk.compression >= PNG_ITXT_COMPRESSION_NONE;  // iTXt
      std::string text(chunk.text, is_utf8 ? chunk.itxt_length : chunk.text_length);
      text.resize(std::min(text.find('\0'), text.size()));
      if (!is_utf8 || !is_valid_utf8(text)) text = latin1_to_utf8(text);
      const std::string keyword = latin1_to_utf8(chunk.key);
      if (keyword == kParametersKeyword)
        metadata.parameters = text;
      else if (keyword == kJsonKeyword)
        metadata.json = text;
      else if (keyword == kXmpKeyword)
        metadata.xmp = text;
      else
        metadata.text.emplace(keyword, text);
    }
  }

  // Its text is not asked for: PNG has text chunks.
  void read_exif() {
    png_uint_32 size = 0;
    png_bytep block = nullptr;
    if (png_get_eXIf_1(png_, info_, &size, &block) != 0) decoded_.orientation = parse_exif({block, size}).orientation;
  }

  std::span<const uint8_t> bytes_;
  const int64_t file_size_ = static_cast<int64_t>(bytes_.size());
  DecodedPicture decoded_;
  std::vector<png_bytep> rows_;
  int passes_ = 1;  // over all rows, where the file is interlaced
};

class PngEncoder : public PngCodec {
 public:
  explicit PngEncoder(const Picture& picture) : picture_(picture) {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, static_cast<PngCodec*>(this), on_error, on_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) {
      png_destroy_write_struct(&png_, nullptr);
      throw Error(ErrorCode::ResourceExhausted, reason_);
    }
    png_set_write_fn(png_, this, write, nullptr);
  }
  ~PngEncoder() { png_destroy_write_struct(&png_, &info_); }
  PngEncoder(const PngEncoder&) = delete;
  PngEncoder& operator=(const PngEncoder&) = delete;

  std::vector<uint8_t> encode(const PictureMetadata& metadata) {
    if (!metadata.parameters.empty()) add_text(kParametersKeyword, metadata.parameters);
    for (const auto& [keyword, text] : metadata.text) add_text(keyword, text);
    if (!metadata.json.empty()) add_international_text(kJsonKeyword, metadata.json);
    if (!metadata.xmp.empty()) add_international_text(kXmpKeyword, metadata.xmp);
    const size_t row_bytes = static_cast<size_t>(picture_.width_px) * static_cast<size_t>(picture_.channels);
    for (int y = 0; y < picture_.height_px; ++y)
      rows_.push_back(const_cast<png_bytep>(picture_.pixels.data() + static_cast<size_t>(y) * row_bytes));
    encoded_.reserve(picture_.pixels.size());  // not touched, so not taken: growing would copy again and again
    guarded(&PngEncoder::write_all, ErrorCode::InvalidArgument);
    return std::move(encoded_);
  }

 private:
  static void write(png_structp png, png_bytep data, size_t count) {
    auto& out = static_cast<PngEncoder*>(png_get_io_ptr(png))->encoded_;
    out.insert(out.end(), data, data + count);
  }

  // tEXt where the text is Latin-1, which every reader understands, else iTXt.
  void add_text(const std::string& keyword, const std::string& text) {
    const auto latin1 = utf8_to_latin1(text);
    if (!latin1) return add_international_text(keyword, text);
    chunks_.push_back({.keyword = keyword, .text = *latin1, .compression = PNG_TEXT_COMPRESSION_NONE});
  }
  void add_international_text(const std::string& keyword, const std::string& text) {
    chunks_.push_back({.keyword = keyword, .text = text, .compression = PNG_ITXT_COMPRESSION_NONE});
  }

  void write_all() {
    const int colour_type = picture_.channels == 1   ? PNG_COLOR_TYPE_GRAY
                            : picture_.channels == 3 ? PNG_COLOR_TYPE_RGB
                                                     : PNG_COLOR_TYPE_RGB_ALPHA;
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(picture_.width_px), static_cast<png_uint_32>(picture_.height_px),
                 8, colour_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    for (TextChunk& chunk : chunks_) {
      png_text entry{};
      entry.compression = chunk.compression;
      entry.key = chunk.keyword.data();
      entry.text = chunk.text.data();
      entry.text_length = chunk.text.size();
      png_set_text(png_, info_, &entry, 1);
    }
    png_write_info(png_, info_);
    for (const png_bytep row : rows_) {
      throw_if_cancelled();
      png_write_row(png_, row);
    }
    png_write_end(png_, nullptr);
  }

  struct TextChunk {
    std::string keyword;
    std::string text;
    int compression;
  };

  const Picture& picture_;
  std::vector<TextChunk> chunks_;
  std::vector<png_bytep> rows_;
  std::vector<uint8_t> encoded_;
};

}  // namespace

DecodedPicture decode_png(std::span<const uint8_t> bytes) {
  check_chunk_lengths(bytes);
  return PngDecoder(bytes).decode();
}

std::vector<uint8_t> encode_png(const Picture& picture, const PictureWriteOptions& options) {
  return PngEncoder(picture).encode(options.metadata);
}

}  // namespace easel
