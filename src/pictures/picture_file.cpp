#include "pictures/picture_file.h"

#include <algorithm>

#include "easel/error.h"
#include "files/atomic_file.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"
#include "pictures/codecs/picture_codecs.h"
#include "pictures/metadata/character_encodings.h"
#include "pictures/metadata/exif_block.h"
#include "pictures/picture_orientation.h"

namespace easel {
namespace {

constexpr std::string_view kPngSignature("\x89PNG\r\n\x1A\n", 8);
constexpr std::string_view kJpegSignature("\xFF\xD8\xFF", 3);
constexpr std::string_view kJsonPrefix = "easel:";

// One row per format; everything that depends on the format is in it.
struct Codec {
  PictureFormat format;
  DecodedPicture (*decode)(std::span<const uint8_t>);
  std::vector<uint8_t> (*encode)(const Picture&, const PictureWriteOptions&);
};
constexpr Codec kCodecs[] = {
    {PictureFormat::png, decode_png, encode_png},
    {PictureFormat::jpeg, decode_jpeg, encode_jpeg},
    {PictureFormat::webp, decode_webp, encode_webp},
};

struct Extension {
  const char* name;
  PictureFormat format;
};
constexpr Extension kExtensions[] = {{".png", PictureFormat::png},
                                     {".jpg", PictureFormat::jpeg},
                                     {".jpeg", PictureFormat::jpeg},
                                     {".webp", PictureFormat::webp}};

const Codec& codec_of(PictureFormat format) { return *std::ranges::find(kCodecs, format, &Codec::format); }

PictureFormat format_of_content(std::string_view bytes) {
  if (bytes.starts_with(kPngSignature)) return PictureFormat::png;
  if (bytes.starts_with(kJpegSignature)) return PictureFormat::jpeg;
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") return PictureFormat::webp;
  throw Error(ErrorCode::CorruptFile, "not a PNG, JPEG or WebP picture");
}

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[picture] " + what); }

void check_text(const std::string& text, const std::string& field) {
  if (!is_valid_utf8(text) || text.find('\0') != text.npos)
    refuse("metadata " + quoted_text(field) + " must be valid UTF-8 without NUL");
}

}  // namespace

void check_picture(const Picture& picture) {
  const std::string size = std::to_string(picture.width_px) + "x" + std::to_string(picture.height_px) + " with " +
                           std::to_string(picture.channels) + " channels";
  if (picture.width_px < 1 || picture.height_px < 1) refuse(size + "; sides must be >= 1");
  if (picture.channels != 1 && picture.channels != 3 && picture.channels != 4)
    refuse(size + "; there must be 1, 3 or 4");
  const size_t expected = static_cast<size_t>(picture.width_px) * static_cast<size_t>(picture.height_px) *
                          static_cast<size_t>(picture.channels);
  if (picture.pixels.size() != expected)
    refuse(size + " has " + std::to_string(picture.pixels.size()) + " bytes of pixels; must be " +
           std::to_string(expected));
}

void check_metadata(const PictureMetadata& metadata) {
  check_text(metadata.parameters, "parameters");
  check_text(metadata.json, "json");
  check_text(metadata.xmp, "xmp");
  for (const auto& [keyword, text] : metadata.text) check_text(text, keyword);
}

void check_picture_size(int64_t width_px, int64_t height_px) {
  const std::string size = std::to_string(width_px) + "x" + std::to_string(height_px) + " pixels";
  if (width_px < 1 || height_px < 1) throw Error(ErrorCode::CorruptFile, size);
  if (width_px > kMaxPictureSide || height_px > kMaxPictureSide || width_px * height_px > kMaxPicturePixels)
    throw Error(ErrorCode::Unsupported, size + "; at most " + std::to_string(kMaxPictureSide) + " a side and " +
                                            std::to_string(kMaxPicturePixels) + " in all");
}

void apply_exif(std::span<const uint8_t> block, DecodedPicture& decoded) {
  const ExifFields fields = parse_exif(block);
  decoded.orientation = fields.orientation;
  decoded.metadata.parameters = fields.user_comment;
  // ComfyUI's: "prompt:{…}" and "workflow:{…}", as its PNG files have them in chunks of these names.
  for (const auto& [keyword, text] : {std::pair("prompt", fields.model), std::pair("workflow", fields.make)})
    if (const std::string prefix = std::string(keyword) + ":"; text.starts_with(prefix))
      decoded.metadata.text[keyword] = text.substr(prefix.size());
  if (fields.image_description.starts_with(kJsonPrefix))
    decoded.metadata.json = fields.image_description.substr(kJsonPrefix.size());
}

std::vector<uint8_t> exif_of(const PictureMetadata& metadata) {
  if (metadata.parameters.empty() && metadata.json.empty()) return {};
  const std::string description = metadata.json.empty() ? "" : std::string(kJsonPrefix) + metadata.json;
  return build_exif({.user_comment = metadata.parameters, .image_description = description});
}

PictureFile decode_picture(std::span<const uint8_t> bytes, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  try {
    DecodedPicture decoded = codec_of(format_of_content(text)).decode(bytes);
    return {oriented(std::move(decoded.picture), decoded.orientation), std::move(decoded.metadata)};
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) throw;
    throw Error(error.code(), "[picture] " + quoted_text(name) + ": " + error.what());
  }
}

PictureFile read_picture_file(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  return decode_picture({static_cast<const uint8_t*>(file->data()), file->size_bytes()}, path.string());
}

Picture read_picture(const std::filesystem::path& path) { return read_picture_file(path).picture; }

PictureMetadata read_picture_metadata(const std::filesystem::path& path) { return read_picture_file(path).metadata; }

std::vector<uint8_t> encode_picture(const Picture& picture, PictureFormat format, const PictureWriteOptions& options) {
  check_picture(picture);
  if (options.quality < 1 || options.quality > 100)
    refuse("quality = " + std::to_string(options.quality) + "; must be 1..100");
  check_metadata(options.metadata);
  try {
    return codec_of(format).encode(picture, options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) throw;
    throw Error(error.code(), std::string("[picture] ") + error.what());
  }
}

PictureFormat picture_format_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  std::string known;
  for (const Extension& candidate : kExtensions) {
    if (extension == candidate.name) return candidate.format;
    known += (known.empty() ? "" : ", ") + std::string(candidate.name);
  }
  refuse(quoted_text(path.string()) + " has the extension " + quoted_text(extension) + "; known are " + known);
}

void write_picture(const std::filesystem::path& path, const Picture& picture, const PictureWriteOptions& options) {
  const std::vector<uint8_t> encoded = encode_picture(picture, picture_format_of(path), options);
  AtomicFile file(path);
  file.write(encoded.data(), encoded.size());
  file.commit();
}

void check_output_writable(const std::filesystem::path& path) {
  picture_format_of(path);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) refuse(quoted_text(path.string()) + " is a folder; name a file");
  const AtomicFile trial(path);  // made and removed: what a read-only mount or a quota allows, only trying tells
}

}  // namespace easel
