#include <gtest/gtest.h>

#include <cstring>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "golden/golden_folder.h"
#include "temporary_folder.h"

namespace easel {
namespace {

template <typename T>
std::string little_endian(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string text(const std::string& value) { return "X" + little_endian(static_cast<uint32_t>(value.size())) + value; }

std::string integer(int32_t value) { return "J" + little_endian(value); }

// _rebuild_tensor_v2(storage 0 of 6 floats, offset, sizes, strides, False, OrderedDict()); sizes and strides are
// opcodes.
std::string tensor(int32_t offset, const std::string& sizes, const std::string& strides) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" + text("0") +
         text("cpu") + integer(6) + "tQ" + integer(offset) + "(" + sizes + "t(" + strides +
         "t\x89"
         "ccollections\nOrderedDict\n)RtR";
}

// A legacy stream: magic number, protocol, system, the object, the key list, and storage 0 with 0, 1, … 5.
std::string legacy_file(const std::string& object) {
  std::string file("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.", 21);
  file += "\x80\x02}" + text("little_endian") + "\x88s.";
  file += "\x80\x02" + object + ".";
  file += "\x80\x02](" + text("0") + "e." + little_endian(int64_t{6});
  for (int i = 0; i < 6; ++i) file += little_endian(static_cast<float>(i));
  return file;
}

TensorFile read(const std::string& content) {
  const test::TemporaryFolder folder;
  return read_tensor_file(folder.write("model.ckpt", content));
}

std::string error_of(const std::string& content, ErrorCode code) {
  try {
    read(content);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "";
}

TEST(Pickle, NestedDictionariesGiveJoinedNames) {
  const TensorFile file = read(legacy_file("}" + text("a") + "}" + text("b") + tensor(0, integer(6), integer(1)) + "s" +
                                           "s" + text("n") + integer(7) + "s"));
  ASSERT_EQ(file.tensors.size(), 1u);
  EXPECT_EQ(file.tensors.at("a.b").to_vector(), (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

TEST(Pickle, StridedViewsAreMadeContiguous) {
  const std::string transposed = tensor(0, integer(3) + integer(2), integer(1) + integer(3));
  const std::string second_column = tensor(1, integer(2), integer(3));
  const TensorFile file = read(legacy_file("}" + text("t") + transposed + "s" + text("c") + second_column + "s"));
  EXPECT_EQ(file.tensors.at("t").to_vector(), (std::vector<float>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(file.tensors.at("c").to_vector(), (std::vector<float>{1, 4}));
}

TEST(Pickle, AKeySetTwiceHasItsLastValue) {
  const TensorFile file = read(legacy_file("}" + text("x") + tensor(0, integer(1), integer(1)) + "s" + text("x") +
                                           tensor(3, integer(1), integer(1)) + "s"));
  EXPECT_EQ(file.tensors.at("x").to_vector(), (std::vector<float>{3}));
}

TEST(Pickle, OtherGlobalsAreRefusedByName) {
  const std::string message =
      error_of(legacy_file("cposix\nsys\ttem\n(" + text("true") + "tR"), ErrorCode::Unsupported);
  EXPECT_NE(message.find("'posix.sys\\ttem'"), message.npos) << message;
}

TEST(Pickle, ViewsOutsideOfTheirStorageAreRefused) {
  for (const std::string& view :
       {tensor(0, integer(7), integer(1)), tensor(5, integer(2), integer(1)), tensor(-1, integer(1), integer(1)),
        tensor(0, integer(2), integer(6)), tensor(0, integer(2), integer(-1)), tensor(0, integer(7), integer(0)),
        tensor(0, integer(-2) + integer(-3), integer(1) + integer(1)), tensor(0, integer(2), "")})
    EXPECT_NE(error_of(legacy_file("}" + text("x") + view + "s"), ErrorCode::CorruptFile), "");
}

// Each of these asks for work or memory that grows with the square of the stream.
TEST(Pickle, RepeatedLargeValuesAreBounded) {
  std::string many = "(";
  for (int i = 0; i < 100'000; ++i) many += "N";
  std::string calls = many + "tq\x01", updates = "}" + many + "uq\x01";
  for (int i = 0; i < 100'000; ++i) {
    calls += "ctorch\ndevice\nh\x01R";
    updates +=
        "}h\x01"
        "b";
  }
  EXPECT_NE(error_of(legacy_file(calls), ErrorCode::CorruptFile), "");
  EXPECT_NE(error_of(legacy_file(updates), ErrorCode::CorruptFile), "");
}

TEST(Pickle, OverlappingCopiesLargerThanTheFileAreRefused) {
  std::string object = "}";
  for (int i = 0; i < 1000; ++i)
    object += text(std::to_string(i)) +
              (i == 0 ? tensor(0, integer(3) + integer(2), integer(1) + integer(3)) + "q\x01" : "h\x01") + "s";
  EXPECT_NE(error_of(legacy_file(object), ErrorCode::CorruptFile), "");
}

TEST(Pickle, SafetensorsWhoseLengthLooksLikeAPickleAreReadAsSafetensors) {
  std::string header = "{}";
  header.append(0x80 - header.size(), ' ');
  EXPECT_TRUE(read(little_endian(uint64_t{0x80}) + header).tensors.empty());
}

TEST(Pickle, SharedStoragesAndEveryElementTypeOfTheReference) {
  const std::filesystem::path folder = golden::golden_folder() / "ckpt" / "ckpt_zip_f32_shared_views";
  const TensorFile got = read_tensor_file(folder / "model.ckpt");
  const TensorFile expected = read_safetensors(folder / "expected.safetensors");
  ASSERT_FALSE(expected.tensors.empty());
  for (const auto& [name, tensor] : expected.tensors) {
    ASSERT_TRUE(got.tensors.contains(name)) << name;
    EXPECT_EQ(got.tensors.at(name).dtype(), tensor.dtype()) << name;
    EXPECT_EQ(got.tensors.at(name).shape(), tensor.shape()) << name;
    EXPECT_EQ(got.tensors.at(name).to_vector(), tensor.to_vector()) << name;
  }
}

TEST(Pickle, CheckpointsOfEveryKindLoad) {
  for (const char* name : {"ckpt_zip_f16", "ckpt_zip_bf16_bare_state_dict", "ckpt_legacy_stream_no_unet"})
    EXPECT_GT(read_tensor_file(golden::golden_folder() / "ckpt" / name / "model.ckpt").tensors.size(), 20u) << name;
}

}  // namespace
}  // namespace easel
