#include "files/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

constexpr mode_t kFileMode = 0666;  // the umask applies, as to any file that a program writes

// What is written between two looks at whether to go on, and what may be left to flush at the end: a tenth of a second
// of a slow disk.
constexpr int64_t kPieceBytes = int64_t{4} << 20;

// Unique among the processes and threads that may write to one folder at a time.
std::filesystem::path temporary_name(const std::filesystem::path& path) {
  static std::atomic<unsigned> counter{0};
  std::filesystem::path name = path;
  name += ".part-" + std::to_string(getpid()) + "-" + std::to_string(counter++);
  return name;
}

// An unnamed file gets its name by this one.
std::string name_of_descriptor(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

// -1 where the file system has no unnamed files, or they could not be given a name.
int open_unnamed(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int fd = open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kFileMode);
  if (fd < 0 || access(name_of_descriptor(fd).c_str(), F_OK) == 0) return fd;
  close(fd);
  return -1;
}

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
    case EMFILE:
    case ENFILE: return ErrorCode::ResourceExhausted;
    case ENOENT: return ErrorCode::NotFound;
    default: return ErrorCode::InvalidArgument;
  }
}

}  // namespace

AtomicFile::AtomicFile(const std::filesystem::path& path, Temporary temporary)
    : path_(path), temporary_path_(temporary_name(path)) {
  // Names that are too long would else be found out by commit().
  if (access(temporary_path_.c_str(), F_OK) != 0 && errno == ENAMETOOLONG) fail(errno);
  if (temporary == Temporary::unnamed) fd_ = open_unnamed(path);
  if (fd_ >= 0) return;
  fd_ = open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
  if (fd_ < 0) fail(errno);
  named_ = true;
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  close(fd_);
  if (named_) unlink(temporary_path_.c_str());
}

void AtomicFile::write(const void* data, size_t size_bytes) {
  const char* next = static_cast<const char*>(data);
  while (size_bytes > 0) {
    throw_if_cancelled();
    const ssize_t written = ::write(fd_, next, std::min(size_bytes, static_cast<size_t>(kPieceBytes)));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    next += written;
    size_bytes -= static_cast<size_t>(written);
    written_ += written;
    write_back();
  }
}

// Sends whole pieces to the disk while the next ones are written, so that commit() has little to wait for.
void AtomicFile::write_back() {
  if (written_ - started_ < kPieceBytes) return;
  constexpr unsigned kAwait = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  const int64_t before = started_ - awaited_;  // 0 would mean the whole file
  const bool fine = (before == 0 || sync_file_range(fd_, awaited_, before, kAwait) == 0) &&
                    sync_file_range(fd_, started_, written_ - started_, SYNC_FILE_RANGE_WRITE) == 0;
  if (!fine && code_of(errno) == ErrorCode::ResourceExhausted) fail(errno);  // others: no such thing here
  awaited_ = started_;
  started_ = written_;
}

bool AtomicFile::link_to(const std::filesystem::path& name) const {
  return linkat(AT_FDCWD, name_of_descriptor(fd_).c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

void AtomicFile::commit() {
  if (fsync(fd_) != 0) fail(errno);
  if (named_ || !link_to(path_)) {  // a name that is taken can only be renamed to
    if (!named_) named_ = link_to(temporary_path_);
    if (!named_ || rename(temporary_path_.c_str(), path_.c_str()) != 0) fail(errno);
  }
  close(fd_);
  fd_ = -1;
}

void AtomicFile::fail(int error_number) const {
  throw Error(code_of(error_number),
              "[file] " + quoted_text(path_.string()) + " cannot be written: " + system_message(error_number));
}

}  // namespace easel
