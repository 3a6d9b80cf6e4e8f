// Animated PNG: the stills' own chunks, with those that "PNG Specification, Third Edition" (W3C 2025) adds in sections
// 11.3.6: acTL, fcTL and fdAT.
#include <png.h>
#include <zlib.h>

#include <string_view>

#include "pictures/codecs/picture_codecs.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kSignatureBytes = 8;

struct Chunk {
  std::string_view type;
  std::span<const uint8_t> content;
};

// Of a file that libpng has just written.
std::vector<Chunk> chunks_of(const Bytes& png) {
  std::vector<Chunk> chunks;
  for (size_t at = kSignatureBytes; at < png.size();) {
    const size_t length = png_get_uint_32(&png[at]);
    chunks.push_back({.type = {reinterpret_cast<const char*>(&png[at + 4]), 4}, .content = {&png[at + 8], length}});
    at += 12 + length;
  }
  return chunks;
}

void append_uint32(Bytes& bytes, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(value >> shift));
}

void append_uint16(Bytes& bytes, uint32_t value) {
  bytes.push_back(static_cast<uint8_t>(value >> 8));
  bytes.push_back(static_cast<uint8_t>(value));
}

void append_chunk(Bytes& file, std::string_view type, std::span<const uint8_t> content) {
  append_uint32(file, static_cast<uint32_t>(content.size()));
  const size_t checked = file.size();
  file.insert(file.end(), type.begin(), type.end());
  file.insert(file.end(), content.begin(), content.end());
  append_uint32(file, static_cast<uint32_t>(crc32(0, &file[checked], static_cast<uInt>(file.size() - checked))));
}

class AnimationWriter {
 public:
  explicit AnimationWriter(const AnimationOptions& options) : options_(options) {}

  void begin(size_t num_frames) {
    Bytes control;
    append_uint32(control, static_cast<uint32_t>(num_frames));
    append_uint32(control, static_cast<uint32_t>(options_.loops));
    append_chunk(file_, "acTL", control);
  }

  void begin_frame(const Picture& frame, size_t number) {
    Bytes control;
    append_uint32(control, sequence_++);
    append_uint32(control, static_cast<uint32_t>(frame.width_px));
    append_uint32(control, static_cast<uint32_t>(frame.height_px));
    append_uint32(control, 0);  // offsets
    append_uint32(control, 0);
    append_uint16(control,
                  static_cast<uint32_t>(frame_start_ms(options_, number + 1) - frame_start_ms(options_, number)));
    append_uint16(control, 1000);  // of a second
    append_uint16(control, 0);     // left as it is; replaces what was there
    append_chunk(file_, "fcTL", control);
  }

  void copy(const Chunk& chunk) { append_chunk(file_, chunk.type, chunk.content); }

  void add_frame_data(const Chunk& chunk) {
    Bytes content;
    append_uint32(content, sequence_++);
    content.insert(content.end(), chunk.content.begin(), chunk.content.end());
    append_chunk(file_, "fdAT", content);
  }

  void copy_signature(const Bytes& png) { file_.assign(png.begin(), png.begin() + kSignatureBytes); }
  Bytes take() { return std::move(file_); }

 private:
  const AnimationOptions& options_;
  Bytes file_;
  uint32_t sequence_ = 0;
};

// What a still of the first frame would be, up to its pixels.
void write_first(AnimationWriter& writer, const std::vector<Picture>& frames, const AnimationOptions& options) {
  const Bytes still = encode_png(frames.front(), {.metadata = options.metadata});
  writer.copy_signature(still);
  bool begun = false;
  for (const Chunk& chunk : chunks_of(still)) {
    if (chunk.type == "IEND") break;
    if (chunk.type == "IDAT" && !begun) {
      begun = true;
      writer.begin(frames.size());
      writer.begin_frame(frames.front(), 0);
    }
    writer.copy(chunk);
  }
}

}  // namespace

std::vector<uint8_t> encode_png_animation(const std::vector<Picture>& frames, const AnimationOptions& options) {
  AnimationWriter writer(options);
  write_first(writer, frames, options);
  for (size_t i = 1; i < frames.size(); ++i) {
    throw_if_cancelled();
    writer.begin_frame(frames[i], i);
    const Bytes still = encode_png(frames[i], {});
    for (const Chunk& chunk : chunks_of(still))
      if (chunk.type == "IDAT") writer.add_frame_data(chunk);
  }
  writer.copy({.type = "IEND", .content = {}});
  return writer.take();
}

}  // namespace easel
