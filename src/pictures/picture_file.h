// picture_file.h — pictures as PNG, JPEG and WebP files, with the text that tells how they were made.
//
// Files are hostile input. Read are pictures of at most kMaxPictureSide pixels a side and kMaxPicturePixels in all;
// what is broken or cut off throws CorruptFile, what is sound but not read (an animation, say) Unsupported: one line
// that names the file. All functions are thread safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "easel/picture.h"

namespace easel {

inline constexpr int kMaxPictureSide = 16'384;
inline constexpr int64_t kMaxPicturePixels = int64_t{1} << 26;  // 8192 x 8192: 256 MiB as RGBA

enum class PictureFormat { png, jpeg, webp };

// UTF-8, without NUL.
struct PictureMetadata {
  // Infotext as the webui writes it (infotext.h). PNG: text chunk "parameters"; JPEG, WebP: EXIF UserComment.
  std::string parameters;
  // Easel's own account of the same, complete. PNG: iTXt chunk "easel"; JPEG, WebP: EXIF ImageDescription "easel:…".
  std::string json;
  // PNG only: every other text chunk, by its keyword (1 to 79 characters). Other programs' accounts are found here;
  // of JPEG and WebP those that ComfyUI keeps in their EXIF block are read, not written.
  std::map<std::string, std::string> text{};
  // An XMP packet (ISO 16684-1). PNG: iTXt chunk "XML:com.adobe.xmp"; JPEG: an APP1 marker of its own; WebP: chunk "XMP
  // ".
  std::string xmp{};
};

struct PictureFile {
  Picture picture;  // RGB, or RGBA where the file has transparency; turned upright as its EXIF orientation says
  PictureMetadata metadata;
};

struct PictureWriteOptions {
  int quality = 95;  // 1..100 for JPEG and WebP; PNG is lossless
  PictureMetadata metadata;
};

// The format is told by the content. 16-bit samples are scaled to 8; palettes, grey, CMYK and YCCK become RGB; colour
// profiles and gamma are not applied. `name` is for messages.
PictureFile decode_picture(std::span<const uint8_t> bytes, const std::string& name);
PictureFile read_picture_file(const std::filesystem::path& path);
Picture read_picture(const std::filesystem::path& path);
PictureMetadata read_picture_metadata(const std::filesystem::path& path);

// Throws InvalidArgument where the picture is malformed or the format cannot hold it (JPEG: transparency, more than
// 65,500 pixels a side; WebP: more than 16,383; both: more text than an EXIF block takes) or the quality is out of
// range.
std::vector<uint8_t> encode_picture(const Picture& picture, PictureFormat format,
                                    const PictureWriteOptions& options = {});

// Throws InvalidArgument where a picture's size, channels and bytes do not fit each other, or a text is not what
// PictureMetadata says.
void check_picture(const Picture& picture);
void check_metadata(const PictureMetadata& metadata);

// The format that a path's extension names (.png, .jpg, .jpeg, .webp, in any case). Throws InvalidArgument with the
// list.
PictureFormat picture_format_of(const std::filesystem::path& path);

// Encodes, then writes under a temporary name and renames, so that no partial file is ever seen.
void write_picture(const std::filesystem::path& path, const Picture& picture, const PictureWriteOptions& options = {});

// To be called before computing: throws where write_picture would fail for its path: unknown extension
// (InvalidArgument), missing folder (NotFound), folder not writable or `path` being a folder (InvalidArgument).
void check_output_writable(const std::filesystem::path& path);

}  // namespace easel
