#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <algorithm>
#include <memory>

#include "easel/error.h"
#include "pictures/codecs/picture_codecs.h"
#include "pictures/metadata/character_encodings.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

constexpr const char* kExifChunk = "EXIF";
constexpr const char* kXmpChunk = "XMP ";

struct DemuxDelete {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
struct DecoderDelete {
  void operator()(WebPIDecoder* decoder) const { WebPIDelete(decoder); }
};
struct MuxDelete {
  void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};
struct AnimationDelete {
  void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
};

void read_metadata(std::span<const uint8_t> bytes, DecodedPicture& decoded) {
  const WebPData data{bytes.data(), bytes.size()};
  const std::unique_ptr<WebPDemuxer, DemuxDelete> demuxer(WebPDemux(&data));
  if (!demuxer) return;
  WebPChunkIterator chunk;
  if (WebPDemuxGetChunk(demuxer.get(), kExifChunk, 1, &chunk) != 0) {
    apply_exif({chunk.chunk.bytes, chunk.chunk.size}, decoded);
    WebPDemuxReleaseChunkIterator(&chunk);
  }
  if (WebPDemuxGetChunk(demuxer.get(), kXmpChunk, 1, &chunk) != 0) {
    const std::string_view text(reinterpret_cast<const char*>(chunk.chunk.bytes), chunk.chunk.size);
    if (is_valid_utf8(text)) decoded.metadata.xmp = text;
    WebPDemuxReleaseChunkIterator(&chunk);
  }
}

// What a file says to have behind its first 8 bytes: the decoder in pieces does not mind where metadata are cut off.
uint32_t riff_bytes(std::span<const uint8_t> bytes) {
  return bytes[4] | uint32_t{bytes[5]} << 8 | uint32_t{bytes[6]} << 16 | uint32_t{bytes[7]} << 24;
}

// In pieces, to ask between them.
void decode_pixels(std::span<const uint8_t> bytes, WEBP_CSP_MODE mode, int row_bytes, std::vector<uint8_t>& pixels) {
  constexpr size_t kPieceBytes = 16384;
  const std::unique_ptr<WebPIDecoder, DecoderDelete> decoder(
      WebPINewRGB(mode, pixels.data(), pixels.size(), row_bytes));
  const bool whole = decoder && riff_bytes(bytes) <= bytes.size() - 8;
  VP8StatusCode status = whole ? VP8_STATUS_SUSPENDED : VP8_STATUS_BITSTREAM_ERROR;
  for (size_t end = 0; status == VP8_STATUS_SUSPENDED && end < bytes.size();) {
    throw_if_cancelled();
    end = std::min(bytes.size(), end + kPieceBytes);
    status = WebPIUpdate(decoder.get(), bytes.data(), end);
  }
  if (status != VP8_STATUS_OK) throw Error(ErrorCode::CorruptFile, "the WebP data are broken or cut off");
}

// One encoding; frees what libwebp allocates.
class WebpEncoding {
 public:
  WebpEncoding() {
    WebPMemoryWriterInit(&writer_);
    if (WebPPictureInit(&picture_) == 0)
      throw Error(ErrorCode::Internal, "libwebp has another version than its headers");
  }
  ~WebpEncoding() {
    WebPPictureFree(&picture_);
    WebPMemoryWriterClear(&writer_);
  }
  WebpEncoding(const WebpEncoding&) = delete;
  WebpEncoding& operator=(const WebpEncoding&) = delete;

  WebPData encode(const Picture& picture, int quality) {
    const WebPConfig config = config_of(quality);
    picture_.writer = WebPMemoryWrite;
    picture_.custom_ptr = &writer_;
    picture_.progress_hook = goes_on;
    const bool encoded = import(picture) && WebPEncode(&config, &picture_) != 0;
    throw_if_cancelled();
    if (!encoded) throw Error(ErrorCode::ResourceExhausted, "libwebp error " + std::to_string(picture_.error_code));
    return {writer_.mem, writer_.size};
  }

  // False where libwebpmux fails.
  bool add_to(WebPAnimEncoder& encoder, const Picture& picture, int quality, int start_ms) {
    throw_if_cancelled();
    const WebPConfig config = config_of(quality);
    picture_.use_argb = 1;
    return import(picture) && WebPAnimEncoderAdd(&encoder, &picture_, start_ms, &config) != 0;
  }

 private:
  static WebPConfig config_of(int quality) {
    WebPConfig config;
    if (WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, static_cast<float>(quality)) == 0)
      throw Error(ErrorCode::Internal, "libwebp refused its own preset");
    config.exact = 1;  // keeps the colours under transparent pixels, which inpainting needs
    return config;
  }

  bool import(const Picture& picture) {
    picture_.width = picture.width_px;
    picture_.height = picture.height_px;
    const auto read = picture.channels == 4 ? WebPPictureImportRGBA : WebPPictureImportRGB;
    return read(&picture_, picture.pixels.data(), picture.width_px * picture.channels) != 0;
  }

  static int goes_on(int /*percent*/, const WebPPicture*) { return cancellation_requested() ? 0 : 1; }

  WebPPicture picture_;
  WebPMemoryWriter writer_;
};

void check_side(const Picture& picture) {
  if (picture.width_px > WEBP_MAX_DIMENSION || picture.height_px > WEBP_MAX_DIMENSION)
    throw Error(ErrorCode::InvalidArgument,
                "a side is longer than the " + std::to_string(WEBP_MAX_DIMENSION) + " pixels that WebP holds");
}

std::vector<uint8_t> with_metadata(const WebPData& encoded, const PictureMetadata& metadata) {
  const std::vector<uint8_t> exif = exif_of(metadata);
  const std::string& xmp = metadata.xmp;
  if (exif.empty() && xmp.empty()) return {encoded.bytes, encoded.bytes + encoded.size};
  const std::pair<const char*, WebPData> chunks[] = {
      {kExifChunk, {exif.data(), exif.size()}},
      {kXmpChunk, {reinterpret_cast<const uint8_t*>(xmp.data()), xmp.size()}}};
  const std::unique_ptr<WebPMux, MuxDelete> mux(WebPMuxCreate(&encoded, 0));
  WebPData assembled{};
  bool done = mux != nullptr;
  for (const auto& [name, content] : chunks)
    if (content.size > 0) done = done && WebPMuxSetChunk(mux.get(), name, &content, 0) == WEBP_MUX_OK;
  if (!done || WebPMuxAssemble(mux.get(), &assembled) != WEBP_MUX_OK)
    throw Error(ErrorCode::ResourceExhausted, "libwebpmux could not add the metadata");
  std::vector<uint8_t> bytes(assembled.bytes, assembled.bytes + assembled.size);
  WebPDataClear(&assembled);
  return bytes;
}

Picture grey_to_rgb(const Picture& grey) {
  Picture rgb{grey.width_px, grey.height_px, 3, {}};
  rgb.pixels.reserve(3 * grey.pixels.size());
  for (const uint8_t value : grey.pixels) rgb.pixels.insert(rgb.pixels.end(), 3, value);
  return rgb;
}

}  // namespace

DecodedPicture decode_webp(std::span<const uint8_t> bytes) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK)
    throw Error(ErrorCode::CorruptFile, "no valid WebP header");
  if (features.has_animation) throw Error(ErrorCode::Unsupported, "an animation; only still WebP pictures are read");
  check_picture_size(features.width, features.height);
  DecodedPicture decoded;
  Picture& picture = decoded.picture;
  picture.width_px = features.width;
  picture.height_px = features.height;
  picture.channels = features.has_alpha ? 4 : 3;
  const int row_bytes = picture.width_px * picture.channels;
  picture.pixels.resize(static_cast<size_t>(row_bytes) * static_cast<size_t>(picture.height_px));
  decode_pixels(bytes, features.has_alpha ? MODE_RGBA : MODE_RGB, row_bytes, picture.pixels);
  read_metadata(bytes, decoded);
  return decoded;
}

std::vector<uint8_t> encode_webp(const Picture& picture, const PictureWriteOptions& options) {
  check_side(picture);
  WebpEncoding encoding;
  return with_metadata(encoding.encode(picture.channels == 1 ? grey_to_rgb(picture) : picture, options.quality),
                       options.metadata);
}

std::vector<uint8_t> encode_webp_animation(const std::vector<Picture>& frames, const AnimationOptions& options) {
  const Picture& first = frames.front();
  check_side(first);
  WebPAnimEncoderOptions settings;
  if (WebPAnimEncoderOptionsInit(&settings) == 0)
    throw Error(ErrorCode::Internal, "libwebpmux has another version than its headers");
  settings.anim_params.loop_count = options.loops;
  const std::unique_ptr<WebPAnimEncoder, AnimationDelete> encoder(
      WebPAnimEncoderNew(first.width_px, first.height_px, &settings));
  bool done = encoder != nullptr;
  for (size_t i = 0; done && i < frames.size(); ++i) {
    WebpEncoding encoding;
    done = encoding.add_to(*encoder, frames[i].channels == 1 ? grey_to_rgb(frames[i]) : frames[i], options.quality,
                           frame_start_ms(options, i));
  }
  WebPData assembled{};
  done = done && WebPAnimEncoderAdd(encoder.get(), nullptr, frame_start_ms(options, frames.size()), nullptr) != 0 &&
         WebPAnimEncoderAssemble(encoder.get(), &assembled) != 0;
  throw_if_cancelled();
  if (!done) throw Error(ErrorCode::ResourceExhausted, "libwebpmux could not make the animation");
  std::vector<uint8_t> bytes = with_metadata(assembled, options.metadata);
  WebPDataClear(&assembled);
  return bytes;
}

}  // namespace easel
