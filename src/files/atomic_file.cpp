#include "files/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

// Unique among the processes and threads that may write to one folder at a time.
std::filesystem::path temporary_name(const std::filesystem::path& path) {
  static std::atomic<unsigned> counter{0};
  std::filesystem::path name = path;
  name += ".part-" + std::to_string(getpid()) + "-" + std::to_string(counter++);
  return name;
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

AtomicFile::AtomicFile(const std::filesystem::path& path) : path_(path), temporary_path_(temporary_name(path)) {
  // The umask applies, as to any file a program writes.
  fd_ = open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) fail(errno);
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  close(fd_);
  unlink(temporary_path_.c_str());
}

void AtomicFile::write(const void* data, size_t size_bytes) {
  const char* next = static_cast<const char*>(data);
  while (size_bytes > 0) {
    const ssize_t written = ::write(fd_, next, size_bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    next += written;
    size_bytes -= static_cast<size_t>(written);
  }
}

void AtomicFile::commit() {
  if (fsync(fd_) != 0 || rename(temporary_path_.c_str(), path_.c_str()) != 0) fail(errno);
  close(fd_);
  fd_ = -1;
}

void AtomicFile::fail(int error_number) const {
  throw Error(code_of(error_number),
              "[file] " + quoted_text(path_.string()) + " cannot be written: " + system_message(error_number));
}

}  // namespace easel
