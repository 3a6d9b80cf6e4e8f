#include "files/file_hash.h"

#include <gtest/gtest.h>

#include "easel/error.h"
#include "temporary_folder.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

// FIPS 180-4's examples.
constexpr const char* kOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(FileHash, EqualsThePublishedExamples) {
  EXPECT_EQ(sha256(""), kOfNothing);
  EXPECT_EQ(sha256("abc"), kOfAbc);
}

TEST(FileHash, FilesAreNamedAsTheWebuiDoes) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(file_sha256(folder.write("empty", "")), kOfNothing);
  EXPECT_EQ(model_hash(folder.write("abc", "abc")), "ba7816bf8f");
  EXPECT_EQ(legacy_model_hash(folder.path() / "abc"), "e3b0c442");
  EXPECT_EQ(legacy_model_hash(folder.write("long", std::string(0x100000, 'x') + "abc")), "ba7816bf");
}

TEST(FileHash, TensorDataStartsBehindTheHeader) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(tensor_data_sha256(folder.write("a", std::string("\2\0\0\0\0\0\0\0{}abc", 13))), kOfAbc);
  EXPECT_THROW(tensor_data_sha256(folder.write("b", std::string("\x9\0\0\0\0\0\0\0{}abc", 13))), Error);
  EXPECT_THROW(tensor_data_sha256(folder.write("c", "short")), Error);
}

TEST(FileHash, StopsWhereItIsCancelled) {
  const CancellationToken token;
  const ScopedCancellation scope(token);
  token.request();
  EXPECT_THROW(sha256("abc"), Error);
}

}  // namespace
}  // namespace easel
