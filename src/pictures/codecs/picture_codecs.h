// picture_codecs.h — one pair of functions per picture format, for picture_file.cpp, which names the file in errors.
//
// Decoders get bytes that start with the format's signature and return 3 or 4 channels; `orientation` is still to be
// applied. Encoders get a sound picture and valid metadata. Errors are those of picture_file.h.
#pragma once

#include "pictures/animation.h"
#include "pictures/picture_file.h"

namespace easel {

struct DecodedPicture {
  Picture picture;
  PictureMetadata metadata;
  int orientation = 1;  // EXIF's, 1..8
};

DecodedPicture decode_png(std::span<const uint8_t> bytes);
DecodedPicture decode_jpeg(std::span<const uint8_t> bytes);
DecodedPicture decode_webp(std::span<const uint8_t> bytes);

std::vector<uint8_t> encode_png(const Picture& picture, const PictureWriteOptions& options);
std::vector<uint8_t> encode_jpeg(const Picture& picture, const PictureWriteOptions& options);
std::vector<uint8_t> encode_webp(const Picture& picture, const PictureWriteOptions& options);

// frames: sound, of equal size and channels, at least one.
std::vector<uint8_t> encode_png_animation(const std::vector<Picture>& frames, const AnimationOptions& options);
std::vector<uint8_t> encode_webp_animation(const std::vector<Picture>& frames, const AnimationOptions& options);
// Milliseconds from the first frame's start to that of frame `number`.
int frame_start_ms(const AnimationOptions& options, size_t number);

// Throws CorruptFile for an empty picture and Unsupported for one beyond the limits of picture_file.h.
void check_picture_size(int64_t width_px, int64_t height_px);
// Stands before an XMP packet in a JPEG's APP1 marker.
inline constexpr std::string_view kXmpHeader("http://ns.adobe.com/xap/1.0/\0", 29);

// The metadata of an EXIF block and back. Throws as build_exif does.
void apply_exif(std::span<const uint8_t> block, DecodedPicture& decoded);
std::vector<uint8_t> exif_of(const PictureMetadata& metadata);  // empty where there is nothing to say

}  // namespace easel
