// jpeglib.h needs what cstdio declares before it.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <csetjmp>
#include <cstdlib>

#include "easel/error.h"
#include "pictures/codecs/picture_codecs.h"
#include "pictures/metadata/character_encodings.h"
#include "pictures/metadata/exif_block.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr size_t kMostMarkerBytes = 65'533;

// A progressive file may hold any number of scans over all of its blocks; real ones have about ten.
constexpr int kMaxScans = 100;

// libjpeg reports errors by longjmp, which must not pass over objects with destructors: each step runs inside
// guarded() and keeps what it makes in members.
class JpegErrors : jpeg_error_mgr {
 public:
  jpeg_error_mgr* install() {
    jpeg_std_error(this);
    error_exit = on_error;
    emit_message = on_message;
    return this;
  }

  template <typename Codec>
  void guarded(Codec& codec, void (Codec::*step)(), ErrorCode code) {
    if (setjmp(jump_) != 0) throw Error(code, reason_);
    (codec.*step)();
  }

 private:
  static void on_error(j_common_ptr codec) {
    auto* self = static_cast<JpegErrors*>(codec->err);
    codec->err->format_message(codec, self->reason_);
    std::longjmp(self->jump_, 1);
  }
  // Warnings: data that ends early would be filled up with grey. Others are harmless.
  static void on_message(j_common_ptr codec, int level) {
    const int message = codec->err->msg_code;
    if (level < 0 && (message == JWRN_JPEG_EOF || message == JWRN_HIT_MARKER)) on_error(codec);
  }

  std::jmp_buf jump_{};
  char reason_[JMSG_LENGTH_MAX] = {};
};

class JpegDecoder {
 public:
  explicit JpegDecoder(std::span<const uint8_t> bytes) : bytes_(bytes) { codec_.err = errors_.install(); }
  ~JpegDecoder() { jpeg_destroy_decompress(&codec_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  DecodedPicture decode() {
    errors_.guarded(*this, &JpegDecoder::read_header, ErrorCode::CorruptFile);
    check_picture_size(codec_.image_width, codec_.image_height);
    const bool is_cmyk = codec_.jpeg_color_space == JCS_CMYK || codec_.jpeg_color_space == JCS_YCCK;
    codec_.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    Picture& picture = decoded_.picture;
    picture.width_px = static_cast<int>(codec_.image_width);
    picture.height_px = static_cast<int>(codec_.image_height);
    row_bytes_ = codec_.image_width * (is_cmyk ? 4u : 3u);
    picture.pixels.resize(row_bytes_ * codec_.image_height);
    read_exif();
    errors_.guarded(*this, &JpegDecoder::read_pixels, ErrorCode::CorruptFile);
    if (is_cmyk) convert_cmyk();
    return std::move(decoded_);
  }

 private:
  void read_header() {
    jpeg_create_decompress(&codec_);
    progress_.progress_monitor = limit_scans;
    codec_.progress = &progress_;
    jpeg_mem_src(&codec_, bytes_.data(), bytes_.size());
    jpeg_save_markers(&codec_, kExifMarker, 0xFFFF);
    jpeg_read_header(&codec_, TRUE);
  }

  void read_pixels() {
    jpeg_start_decompress(&codec_);
    while (codec_.output_scanline < codec_.output_height) {
      throw_if_cancelled();
      JSAMPROW row = decoded_.picture.pixels.data() + codec_.output_scanline * row_bytes_;
      jpeg_read_scanlines(&codec_, &row, 1);
    }
    jpeg_finish_decompress(&codec_);
  }

  static void limit_scans(j_common_ptr codec) {
    if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number > kMaxScans) ERREXIT(codec, JERR_BAD_PROGRESSION);
  }

  // R = (255 - C)(255 - K) / 255 and so on, without a colour profile. Adobe's programs store all four inverted.
  void convert_cmyk() {
    std::vector<uint8_t>& pixels = decoded_.picture.pixels;
    const uint8_t inverted = codec_.saw_Adobe_marker ? 0 : 255;
    const size_t count = pixels.size() / 4;
    for (size_t i = 0; i < count; ++i) {
      const int key = pixels[4 * i + 3] ^ inverted;
      for (size_t c = 0; c < 3; ++c)  // writes behind what is still to be read
        pixels[3 * i + c] = static_cast<uint8_t>(((pixels[4 * i + c] ^ inverted) * key + 127) / 255);
    }
    pixels.resize(3 * count);
  }

  // Before the pixels: libjpeg forgets the markers at the end.
  void read_exif() {
    bool exif_read = false;
    for (const jpeg_marker_struct* marker = codec_.marker_list; marker != nullptr; marker = marker->next) {
      const std::span<const uint8_t> block(marker->data, marker->data_length);
      const std::string_view text(reinterpret_cast<const char*>(block.data()), block.size());
      if (text.starts_with(kExifHeader) && !exif_read) {
        apply_exif(block, decoded_);
        exif_read = true;
      }
      if (text.starts_with(kXmpHeader) && is_valid_utf8(text)) decoded_.metadata.xmp = text.substr(kXmpHeader.size());
    }
  }

  std::span<const uint8_t> bytes_;
  JpegErrors errors_;
  jpeg_decompress_struct codec_{};
  jpeg_progress_mgr progress_{};
  size_t row_bytes_ = 0;
  DecodedPicture decoded_;
};

class JpegEncoder {
 public:
  JpegEncoder(const Picture& picture, const PictureWriteOptions& options)
      : picture_(picture), quality_(options.quality) {
    if (const std::vector<uint8_t> exif = exif_of(options.metadata); !exif.empty()) {
      exif_.assign(kExifHeader.begin(), kExifHeader.end());
      exif_.insert(exif_.end(), exif.begin(), exif.end());
    }
    if (const std::string& xmp = options.metadata.xmp; !xmp.empty()) {
      xmp_ = std::string(kXmpHeader) + xmp;
      if (xmp_.size() > kMostMarkerBytes)
        throw Error(ErrorCode::InvalidArgument, "the XMP packet is too long for a JPEG");
    }
    codec_.err = errors_.install();
  }
  ~JpegEncoder() {
    // Where the encoding was broken off, libjpeg has not yet told where the grown buffer lies.
    if (codec_.dest != nullptr) codec_.dest->term_destination(&codec_);
    jpeg_destroy_compress(&codec_);
    std::free(encoded_);
  }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  std::vector<uint8_t> encode() {
    errors_.guarded(*this, &JpegEncoder::write_all, ErrorCode::InvalidArgument);
    return {encoded_, encoded_ + encoded_size_};
  }

 private:
  void write_all() {
    jpeg_create_compress(&codec_);
    jpeg_mem_dest(&codec_, &encoded_, &encoded_size_);
    codec_.image_width = static_cast<JDIMENSION>(picture_.width_px);
    codec_.image_height = static_cast<JDIMENSION>(picture_.height_px);
    codec_.input_components = picture_.channels;
    codec_.in_color_space = picture_.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&codec_);
    jpeg_set_quality(&codec_, quality_, TRUE);
    jpeg_start_compress(&codec_, TRUE);
    if (!exif_.empty()) jpeg_write_marker(&codec_, kExifMarker, exif_.data(), static_cast<unsigned>(exif_.size()));
    if (!xmp_.empty())
      jpeg_write_marker(&codec_, kExifMarker, reinterpret_cast<const JOCTET*>(xmp_.data()),
                        static_cast<unsigned>(xmp_.size()));
    const size_t row_bytes = static_cast<size_t>(picture_.width_px) * static_cast<size_t>(picture_.channels);
    while (codec_.next_scanline < codec_.image_height) {
      throw_if_cancelled();
      auto* row = const_cast<JSAMPROW>(picture_.pixels.data() + codec_.next_scanline * row_bytes);
      jpeg_write_scanlines(&codec_, &row, 1);
    }
    jpeg_finish_compress(&codec_);
  }

  const Picture& picture_;
  const int quality_;
  std::vector<uint8_t> exif_;
  std::string xmp_;
  JpegErrors errors_;
  jpeg_compress_struct codec_{};
  unsigned char* encoded_ = nullptr;  // of malloc
  unsigned long encoded_size_ = 0;
};

}  // namespace

DecodedPicture decode_jpeg(std::span<const uint8_t> bytes) { return JpegDecoder(bytes).decode(); }

std::vector<uint8_t> encode_jpeg(const Picture& picture, const PictureWriteOptions& options) {
  if (picture.channels == 4)
    throw Error(ErrorCode::InvalidArgument, "4 channels; JPEG holds no transparency, PNG and WebP do");
  return JpegEncoder(picture, options).encode();
}

}  // namespace easel
