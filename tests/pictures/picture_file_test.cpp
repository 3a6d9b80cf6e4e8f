#include "pictures/picture_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "easel/error.h"
#include "pictures/metadata/exif_block.h"
#include "pictures/picture_orientation.h"
#include "pictures/picture_samples.h"
#include "temporary_folder.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes from_hex(std::string_view hex) {
  Bytes bytes;
  for (size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

Picture decode_hex(const char* hex) { return decode_picture(from_hex(hex), "sample").picture; }

// A smooth picture, so that lossy formats come close.
Picture gradient(int width_px, int height_px, int channels) {
  Picture picture{width_px, height_px, channels, {}};
  for (int y = 0; y < height_px; ++y)
    for (int x = 0; x < width_px; ++x)
      for (int c = 0; c < channels; ++c)
        picture.pixels.push_back(static_cast<uint8_t>(c == 3 ? 255 - y : 40 + 2 * x + 3 * y + 20 * c));
  return picture;
}

void expect_near(const Picture& got, const Picture& expected, int tolerance) {
  ASSERT_EQ(got.width_px, expected.width_px);
  ASSERT_EQ(got.height_px, expected.height_px);
  ASSERT_EQ(got.channels, expected.channels);
  ASSERT_EQ(got.pixels.size(), expected.pixels.size());
  for (size_t i = 0; i < got.pixels.size(); ++i)
    ASSERT_LE(std::abs(got.pixels[i] - expected.pixels[i]), tolerance) << "at " << i;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(error_code_name(error.code())) + " " + error.what();
  }
  return "";
}

long peak_memory_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

const PictureMetadata kMetadata = {"a cat\nSteps: 20, Seed: 1, Size: 8x8", R"({"prompt":"a cat"})", {}};

TEST(PictureFile, PngIsLossless) {
  for (const int channels : {3, 4}) {
    const Picture picture = gradient(13, 7, channels);
    expect_near(decode_picture(encode_picture(picture, PictureFormat::png), "p").picture, picture, 0);
  }
}

TEST(PictureFile, LossyFormatsComeClose) {
  expect_near(decode_picture(encode_picture(gradient(33, 17, 3), PictureFormat::jpeg), "p").picture,
              gradient(33, 17, 3), 6);
  expect_near(decode_picture(encode_picture(gradient(33, 17, 3), PictureFormat::webp), "p").picture,
              gradient(33, 17, 3), 6);
  expect_near(decode_picture(encode_picture(gradient(33, 17, 4), PictureFormat::webp), "p").picture,
              gradient(33, 17, 4), 6);
}

TEST(PictureFile, GreyIsReadAsRgb) {
  const Picture grey{2, 1, 1, {10, 200}};
  const Picture rgb{2, 1, 3, {10, 10, 10, 200, 200, 200}};
  expect_near(decode_picture(encode_picture(grey, PictureFormat::png), "p").picture, rgb, 0);
  expect_near(decode_picture(encode_picture(grey, PictureFormat::jpeg), "p").picture, rgb, 3);
  expect_near(decode_picture(encode_picture(grey, PictureFormat::webp), "p").picture, rgb, 3);
}

TEST(PictureFile, QualityChangesTheSize) {
  for (const PictureFormat format : {PictureFormat::jpeg, PictureFormat::webp})
    EXPECT_LT(encode_picture(gradient(64, 64, 3), format, {.quality = 10, .metadata = {}}).size(),
              encode_picture(gradient(64, 64, 3), format, {.quality = 100, .metadata = {}}).size());
}

TEST(PictureFile, UncommonPngsBecomeEightBitRgb) {
  expect_near(decode_hex(test::kGrey16Png), {3, 1, 3, {0, 0, 0, 128, 128, 128, 255, 255, 255}}, 0);
  expect_near(decode_hex(test::kPalettePng), {2, 1, 4, {10, 20, 30, 255, 40, 50, 60, 128}}, 0);
  expect_near(decode_hex(test::kGreyAlphaPng), {1, 1, 4, {77, 77, 77, 99}}, 0);
}

TEST(PictureFile, CmykJpegsBecomeRgb) {
  for (const char* sample : {test::kAdobeCmykJpeg, test::kPlainCmykJpeg}) {
    const Picture picture = decode_hex(sample);
    ASSERT_EQ(picture.pixels.size(), 8u * 8 * 3);
    EXPECT_NEAR(picture.pixels[0], 255, 3);
    EXPECT_NEAR(picture.pixels[1], 128, 3);
    EXPECT_NEAR(picture.pixels[2], 0, 3);
  }
}

TEST(PictureFile, OrientationTurnsThePictureUpright) {
  expect_near(decode_hex(test::kTurnedPng), {1, 2, 3, {1, 2, 3, 4, 5, 6}}, 0);
}

TEST(PictureFile, OrientationOfJpegsIsReadFromTheirExifBlock) {
  Bytes jpeg = encode_picture(gradient(16, 8, 3), PictureFormat::jpeg);
  // APP1 of 34 bytes: "Exif", a TIFF structure with one entry, orientation 6.
  const Bytes app1 = from_hex(
      "ffe10022457869660000"
      "4d4d002a00000008000101120003000000010006000000000000");
  jpeg.insert(jpeg.begin() + 2, app1.begin(), app1.end());
  expect_near(decode_picture(jpeg, "p").picture, oriented(gradient(16, 8, 3), 6), 6);
}

TEST(PictureOrientation, EachOfTheEightIsUndone) {
  // 1 2 3
  // 4 5 6
  const Picture stored{3, 2, 1, {1, 2, 3, 4, 5, 6}};
  const Bytes expected[] = {{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1}, {4, 5, 6, 1, 2, 3},
                            {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3}, {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Picture upright = oriented(stored, orientation);
    EXPECT_EQ(upright.width_px, orientation >= 5 ? 2 : 3);
    EXPECT_EQ(upright.pixels, expected[orientation - 1]) << "orientation " << orientation;
  }
}

TEST(PictureFile, MetadataIsReadBackFromEveryFormat) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.webp"}) {
    PictureMetadata metadata = kMetadata;
    for (const char* prompt : {"plain", "caf\u00E9", "\u732B \U0001F408"}) {
      metadata.parameters = prompt;
      write_picture(folder.path() / name, gradient(8, 8, 3), {.metadata = metadata});
      const PictureMetadata got = read_picture_metadata(folder.path() / name);
      EXPECT_EQ(got.parameters, metadata.parameters) << name;
      EXPECT_EQ(got.json, metadata.json) << name;
    }
  }
}

std::string as_text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

TEST(PictureFile, PngTextIsLatin1WhereItCanBe) {
  PictureMetadata metadata{"caf\u00E9", "", {{"Software", "x"}}};
  std::string png = as_text(encode_picture(gradient(8, 8, 3), PictureFormat::png, {.metadata = metadata}));
  EXPECT_NE(png.find(std::string("tEXtparameters\0caf\xE9", 19)), png.npos);
  EXPECT_EQ(decode_picture(Bytes(png.begin(), png.end()), "p").metadata.text, metadata.text);
  metadata.parameters = "\u732B";
  png = as_text(encode_picture(gradient(8, 8, 3), PictureFormat::png, {.metadata = metadata}));
  EXPECT_NE(png.find("iTXtparameters"), png.npos);
}

TEST(PictureFile, CompressedTextIsRead) {
  const auto metadata = decode_picture(from_hex(test::kCompressedTextPng), "sample").metadata;
  EXPECT_EQ(metadata.text.at("Comment"), "caf\u00E9");
}

TEST(ExifBlock, CommentsAreReadInEitherByteOrder) {
  Bytes block = build_exif({.user_comment = "a \u732B", .image_description = ""});
  EXPECT_EQ(parse_exif(block).user_comment, "a \u732B");
  const std::string text = as_text(block);
  for (size_t i = text.find("UNICODE") + 8; i + 1 < block.size(); i += 2) std::swap(block[i], block[i + 1]);
  EXPECT_EQ(parse_exif(block).user_comment, "a \u732B");
}

TEST(ExifBlock, BrokenBlocksGiveDefaults) {
  for (const char* block : {"", "Exif", "MM", "II*", "MM\0*\0\0\0\x08\xFF\xFF"}) {
    const std::string text(block);
    const ExifFields fields = parse_exif({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
    EXPECT_EQ(fields.orientation, 1);
    EXPECT_EQ(fields.user_comment, "");
  }
}

TEST(PictureFile, TruncatedFilesAreRefused) {
  for (const PictureFormat format : {PictureFormat::png, PictureFormat::jpeg, PictureFormat::webp}) {
    const Bytes whole = encode_picture(gradient(40, 40, 3), format, {.metadata = kMetadata});
    for (size_t size = 0; size + 4 < whole.size(); size += 1 + whole.size() / 97) {
      const std::string message = message_of([&] { decode_picture({whole.data(), size}, "cut"); });
      EXPECT_TRUE(message.starts_with("CorruptFile [picture] 'cut': ")) << size << ": " << message;
      EXPECT_EQ(message.find('\n'), message.npos);
    }
  }
}

TEST(PictureFile, BombsAreRefusedBeforeTheyUnfold) {
  EXPECT_EQ(message_of([] { decode_hex(test::kTooLargePng); }),
            "Unsupported [picture] 'sample': 16385x1 pixels; at most 16384 a side and 67108864 in all");
  EXPECT_NE(message_of([] { decode_hex(test::kBombPng); }).find("cannot hold"), std::string::npos);
}

TEST(PictureFile, AChunkLongerThanTheFileReservesNoMemory) {
  const Bytes whole = from_hex(test::kCompressedTextPng);
  Bytes png(whole.begin(), whole.begin() + 33);  // signature and IHDR
  const Bytes header = from_hex("7300000c6954587400000000");
  png.insert(png.end(), header.begin(), header.end());
  const long before = peak_memory_kib();
  EXPECT_TRUE(message_of([&] { decode_picture(png, "p"); }).starts_with("CorruptFile"));
  EXPECT_LT(peak_memory_kib() - before, 100'000);  // the header says 1.9 GB
}

TEST(PictureFile, AnimationsAreNotSupported) {
  const char* const header = "524946461600000057454250565038580a00000002000000000000000000";
  EXPECT_EQ(message_of([&] { decode_hex(header); }).substr(0, 11), "Unsupported");
}

TEST(PictureFile, OtherFilesAreRefused) {
  EXPECT_EQ(message_of([] { decode_picture(from_hex("474946383961"), "a.gif"); }),
            "CorruptFile [picture] 'a.gif': not a PNG, JPEG or WebP picture");
  EXPECT_TRUE(message_of([] { read_picture("/nonexistent/a.png"); }).starts_with("NotFound"));
}

TEST(PictureFile, WhatCannotBeWrittenIsRefused) {
  const auto encode = [](const Picture& picture, PictureFormat format, const PictureWriteOptions& options = {}) {
    return message_of([&] { encode_picture(picture, format, options); });
  };
  EXPECT_NE(encode(gradient(2, 2, 4), PictureFormat::jpeg).find("no transparency"), std::string::npos);
  EXPECT_NE(encode(Picture{2, 2, 3, {1}}, PictureFormat::png).find("1 bytes of pixels; must be 12"), std::string::npos);
  EXPECT_NE(encode(Picture{}, PictureFormat::png), "");
  EXPECT_NE(encode(Picture{1, 1, 2, {1, 2}}, PictureFormat::png), "");
  EXPECT_NE(encode(gradient(2, 2, 3), PictureFormat::jpeg, {.quality = 0, .metadata = {}}).find("1..100"),
            std::string::npos);
  EXPECT_NE(encode(gradient(16'384, 1, 3), PictureFormat::webp).find("16383"), std::string::npos);
  PictureMetadata metadata;
  metadata.parameters = "\xFF";
  EXPECT_NE(encode(gradient(2, 2, 3), PictureFormat::png, {.metadata = metadata}).find("UTF-8"), std::string::npos);
  metadata.parameters = std::string(40'000, 'x');
  EXPECT_EQ(encode(gradient(2, 2, 3), PictureFormat::png, {.metadata = metadata}), "");
  EXPECT_NE(encode(gradient(2, 2, 3), PictureFormat::jpeg, {.metadata = metadata}).find("EXIF"), std::string::npos);
}

TEST(PictureFile, ExtensionsNameTheFormat) {
  EXPECT_EQ(picture_format_of("a.PNG"), PictureFormat::png);
  EXPECT_EQ(picture_format_of("x/a.b.jpeg"), PictureFormat::jpeg);
  EXPECT_EQ(message_of([] { picture_format_of("a.bmp"); }),
            "InvalidArgument [picture] 'a.bmp' has the extension '.bmp'; known are .png, .jpg, .jpeg, .webp");
  EXPECT_THROW(picture_format_of("png"), Error);
}

TEST(OutputCheck, FindsWhatWouldFail) {
  const test::TemporaryFolder folder;
  const auto check = [](const std::filesystem::path& path) { return message_of([&] { check_output_writable(path); }); };
  EXPECT_EQ(check(folder.path() / "a.png"), "");
  EXPECT_TRUE(check(folder.path() / "missing" / "a.png").starts_with("NotFound"));
  EXPECT_TRUE(check(folder.path() / "a.bmp").starts_with("InvalidArgument"));
  EXPECT_NE(check(folder.write("file", "") / "a.png"), "");
  std::filesystem::create_directory(folder.path() / "b.png");
  EXPECT_NE(check(folder.path() / "b.png").find("name a file"), std::string::npos);
  EXPECT_NE(check("/proc/a.png"), "");  // not even root can write there
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

TEST(PictureFile, CancelledCodecsStopAndBlameNoFile) {
  const Picture picture = gradient(40, 30, 3);
  const PictureFormat formats[] = {PictureFormat::png, PictureFormat::jpeg, PictureFormat::webp};
  std::vector<std::vector<uint8_t>> files;
  for (const PictureFormat format : formats) files.push_back(encode_picture(picture, format));
  const CancellationToken token;
  const ScopedCancellation scope(token);
  token.request();
  for (const PictureFormat format : formats)
    EXPECT_EQ(message_of([&] { encode_picture(picture, format); }), "Cancelled cancelled") << static_cast<int>(format);
  for (const auto& file : files) EXPECT_EQ(message_of([&] { decode_picture(file, "sample"); }), "Cancelled cancelled");
}

// In the midst, when buffers have grown: what the codecs hold is given back once.
TEST(PictureFile, EncodingCanBeCancelledAnywhere) {
  Picture noise = gradient(2048, 2048, 3);
  for (size_t i = 0; i < noise.pixels.size(); ++i) noise.pixels[i] = static_cast<uint8_t>(i * 2654435761u >> 24);
  for (const PictureFormat format : {PictureFormat::png, PictureFormat::jpeg, PictureFormat::webp}) {
    const CancellationToken token;
    const ScopedCancellation scope(token);
    std::thread asking([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      token.request();
    });
    EXPECT_EQ(message_of([&] { encode_picture(noise, format); }), "Cancelled cancelled") << static_cast<int>(format);
    asking.join();
  }
}

TEST(PictureFile, AFailedWriteLeavesNothing) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(write_picture(folder.path() / "a.jpg", gradient(2, 2, 4)), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// A TIFF structure with one text, as an APP1 marker behind a JPEG's beginning.
Bytes jpeg_with_exif_text(uint8_t tag_low, const std::string& text) {
  Bytes tiff{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, tag_low, 0, 2, 0, 0, 0, static_cast<uint8_t>(text.size() + 1),
             0,   0,   0, 26, 0, 0, 0, 0};
  tiff.insert(tiff.end(), text.begin(), text.end());
  tiff.push_back(0);
  Bytes marker{0xFF, 0xE1, 0, static_cast<uint8_t>(tiff.size() + 8), 'E', 'x', 'i', 'f', 0, 0};
  marker.insert(marker.end(), tiff.begin(), tiff.end());
  Bytes jpeg = encode_picture(gradient(8, 8, 3), PictureFormat::jpeg);
  jpeg.insert(jpeg.begin() + 2, marker.begin(), marker.end());
  return jpeg;
}

TEST(PictureFile, ComfyUisGraphsAreReadFromExif) {
  const PictureFile prompt = decode_picture(jpeg_with_exif_text(0x10, R"(prompt:{"1":{}})"), "comfy.jpg");
  EXPECT_EQ(prompt.metadata.text.at("prompt"), R"({"1":{}})");
  EXPECT_EQ(decode_picture(jpeg_with_exif_text(0x0F, "workflow:{}"), "comfy.jpg").metadata.text.at("workflow"), "{}");
  EXPECT_TRUE(decode_picture(jpeg_with_exif_text(0x0F, "Canon"), "photo.jpg").metadata.text.empty());
}

}  // namespace
}  // namespace easel
