#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <numeric>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "temporary_folder.h"

namespace easel {
namespace {

std::string file_bytes(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + data;
}

std::string message_of(const std::filesystem::path& path) {
  try {
    read_safetensors(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::CorruptFile);
    return error.what();
  }
  return "";
}

TensorFile sample_file() {
  TensorFile file;
  std::vector<float> values(12);
  std::iota(values.begin(), values.end(), -5.5f);
  file.tensors["a.weight"] = Tensor::from({3, 4}, values);
  file.tensors["b"] = Tensor::from({}, std::vector<float>{42.0f});
  file.tensors["empty"] = Tensor::empty({0, 4}, DType::f16);
  file.tensors["ids"] = Tensor::from({3}, std::vector<int32_t>{7, -1, 0});
  Tensor byte = Tensor::empty({1}, DType::u8);
  *byte.data<uint8_t>() = 200;
  file.tensors["byte"] = byte;
  file.metadata["format"] = "pt";
  return file;
}

TEST(Safetensors, WrittenFileReadsBackEqual) {
  const test::TemporaryFolder folder;
  const TensorFile file = sample_file();
  write_safetensors(folder.path() / "a.safetensors", file);
  const TensorFile read = read_safetensors(folder.path() / "a.safetensors");
  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    const Tensor& got = read.tensors.at(name);
    EXPECT_EQ(got.shape(), tensor.shape()) << name;
    EXPECT_EQ(got.dtype(), tensor.dtype()) << name;
    EXPECT_EQ(got.to_vector(), tensor.to_vector()) << name;
  }
}

TEST(Safetensors, TensorsOfAWrittenFileAreViewsThatOutliveTheReader) {
  const test::TemporaryFolder folder;
  write_safetensors(folder.path() / "a.safetensors", sample_file());
  TensorFile file = read_safetensors(folder.path() / "a.safetensors");
  EXPECT_EQ(file.tensors.at("a.weight").storage(), file.tensors.at("byte").storage());
  const Tensor weight = file.tensors.at("a.weight");
  file = {};
  EXPECT_EQ(weight.f32()[11], 5.5f);
}

TEST(Safetensors, UnalignedTensorsAreCopied) {
  const test::TemporaryFolder folder;
  const float values[2] = {1.5f, -2.5f};
  const std::string data(reinterpret_cast<const char*>(values), sizeof values);
  std::string header = R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  header.append((9 - header.size() % 8) % 8, ' ');  // one past a multiple of 8
  const Tensor x = read_safetensors(folder.write("a", file_bytes(header, data))).tensors.at("x");
  EXPECT_EQ(reinterpret_cast<uintptr_t>(x.f32()) % alignof(float), 0u);
  EXPECT_EQ(x.to_vector(), (std::vector<float>{1.5f, -2.5f}));
}

TEST(Safetensors, ErrorsNameTheFileTheTensorAndTheFault) {
  const test::TemporaryFolder folder;
  const std::string header = R"({"un\net":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const std::string message = message_of(folder.write("short.safetensors", file_bytes(header, "1234")));
  EXPECT_NE(message.find("short.safetensors"), message.npos) << message;
  EXPECT_NE(message.find("'un\\net'"), message.npos) << message;
  EXPECT_NE(message.find("truncated"), message.npos) << message;
  EXPECT_EQ(message.find('\n'), message.npos) << message;
}

TEST(Safetensors, TensorTypesWithoutAMeaningHereAreUnsupportedNotCorrupt) {
  const test::TemporaryFolder folder;
  const std::string header = R"({"x":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}})";
  try {
    read_safetensors(folder.write("a", file_bytes(header, "12345678")));
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unsupported);
  }
}

TEST(Safetensors, MissingFileIsNotFound) {
  try {
    read_safetensors("no/such/file.safetensors");
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound);
  }
}

ErrorCode write_error(const std::filesystem::path& path) {
  try {
    write_safetensors(path, sample_file());
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::Internal;
}

TEST(Safetensors, UnwritablePathsAreNamedErrors) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(write_error(folder.path() / "missing" / "a.safetensors"), ErrorCode::NotFound);
  folder.write("file", "");
  EXPECT_EQ(write_error(folder.path() / "file" / "a.safetensors"), ErrorCode::InvalidArgument);
}

// A file size limit stands for a full disk: both make write() fail half way.
TEST(Safetensors, FailedWriteLeavesTheOldFileAndNoPart) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a.safetensors", "old");
  TensorFile big;
  big.tensors["x"] = Tensor::zeros({1 << 20});

  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{1 << 16, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  ErrorCode code = ErrorCode::Internal;
  try {
    write_safetensors(path, big);
  } catch (const Error& error) {
    code = error.code();
  }
  setrlimit(RLIMIT_FSIZE, &before);

  EXPECT_EQ(code, ErrorCode::ResourceExhausted);
  EXPECT_EQ(std::filesystem::file_size(path), 3u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace easel
