// exif_block.h — the fields of an EXIF block that Easel reads and writes (EXIF 2.3, JEITA CP-3451C).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace easel {

struct ExifFields {
  int orientation = 1;            // 1..8, tag 0x0112: how to turn the stored pixels
  std::string user_comment;       // UTF-8, tag 0x9286: where the webui keeps its parameters
  std::string image_description;  // UTF-8, tag 0x010E
  std::string make{}, model{};    // UTF-8, tags 0x010F and 0x0110: where ComfyUI keeps its graphs; not written
};

// Stands before the TIFF structure in a JPEG.
inline constexpr std::string_view kExifHeader("Exif\0\0", 6);

// The largest block that is written, TIFF header included: what a JPEG's APP1 marker holds, and what libexif reads.
inline constexpr size_t kMaxExifBytes = 65'527;

// `block`: a TIFF structure, with or without "Exif\0\0" before it. What is missing or broken keeps its default: a
// picture is not refused for its EXIF block.
ExifFields parse_exif(std::span<const uint8_t> block);

// The TIFF structure (big-endian) without "Exif\0\0"; orientation is not written. Throws InvalidArgument where it
// would be longer than kMaxExifBytes. REQUIRES: valid UTF-8.
std::vector<uint8_t> build_exif(const ExifFields& fields);

}  // namespace easel
