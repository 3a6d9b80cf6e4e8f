#include "files/atomic_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

#include "easel/error.h"
#include "temporary_folder.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

using Temporary = AtomicFile::Temporary;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_whole(const std::filesystem::path& path, const std::string& text, Temporary temporary) {
  AtomicFile file(path, temporary);
  file.write(text.data(), text.size());
  file.commit();
}

bool has_unnamed_files(const test::TemporaryFolder& folder) {
  const int fd = open(folder.path().c_str(), O_TMPFILE | O_WRONLY, 0600);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

class AtomicFileTest : public testing::TestWithParam<Temporary> {
 protected:
  test::TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Temporaries, AtomicFileTest, testing::Values(Temporary::unnamed, Temporary::named),
                         [](const auto& test) { return test.param == Temporary::unnamed ? "unnamed" : "named"; });

TEST_P(AtomicFileTest, AppearsWithCommit) {
  AtomicFile file(folder_.path() / "a", GetParam());
  file.write("abc", 3);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "a"));
  file.commit();
  EXPECT_EQ(content_of(folder_.path() / "a"), "abc");
  EXPECT_EQ(folder_.file_names(), std::vector<std::string>{"a"});
}

TEST_P(AtomicFileTest, ReplacesWhatWasThere) {
  const std::string large(10'000'000, 'x');  // several pieces
  write_whole(folder_.path() / "a", "before", GetParam());
  write_whole(folder_.path() / "a", large, GetParam());
  EXPECT_EQ(content_of(folder_.path() / "a"), large);
  EXPECT_EQ(folder_.file_names(), std::vector<std::string>{"a"});
}

TEST_P(AtomicFileTest, HasTheModeOfAnyFile) {
  write_whole(folder_.path() / "a", "abc", GetParam());
  struct stat status {};
  ASSERT_EQ(stat((folder_.path() / "a").c_str(), &status), 0);
  const mode_t mask = umask(0);
  umask(mask);
  EXPECT_EQ(status.st_mode & 0777, 0666 & ~mask);
}

TEST_P(AtomicFileTest, WithoutCommitNothingIsLeft) {
  { AtomicFile(folder_.path() / "a", GetParam()).write("abc", 3); }
  EXPECT_TRUE(folder_.file_names().empty());
}

TEST_P(AtomicFileTest, CancelledWritingLeavesNothing) {
  const CancellationToken token;
  const ScopedCancellation scope(token);
  try {
    AtomicFile file(folder_.path() / "a", GetParam());
    file.write("abc", 3);
    token.request();
    file.write("abc", 3);
    ADD_FAILURE() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled);
  }
  EXPECT_TRUE(folder_.file_names().empty());
}

TEST_P(AtomicFileTest, WhatCannotBeWrittenIsFoundAtOnce) {
  EXPECT_THROW(AtomicFile(folder_.path() / "missing" / "a", GetParam()), Error);
  EXPECT_THROW(AtomicFile(folder_.path() / std::string(300, 'a'), GetParam()), Error);
}

TEST(AtomicFile, AKilledProcessLeavesNothing) {
  const test::TemporaryFolder folder;
  if (!has_unnamed_files(folder)) GTEST_SKIP() << "this file system has no unnamed files";
  const pid_t child = fork();
  if (child == 0) {
    AtomicFile file(folder.path() / "a");
    file.write("abc", 3);
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(folder.file_names().empty());
}

}  // namespace
}  // namespace easel
