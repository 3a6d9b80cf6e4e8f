#include "files/random_access_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

constexpr mode_t kFileMode = 0666;  // less the process's umask

int flags_of(RandomAccessFile::Mode mode) {
  switch (mode) {
    case RandomAccessFile::Mode::read: return O_RDONLY;
    case RandomAccessFile::Mode::read_write: return O_RDWR;
    case RandomAccessFile::Mode::create: return O_RDWR | O_CREAT | O_TRUNC;
  }
  return O_RDONLY;
}

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR: return ErrorCode::NotFound;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM: return ErrorCode::ResourceExhausted;
    default: return ErrorCode::InvalidArgument;
  }
}

}  // namespace

RandomAccessFile::RandomAccessFile(const std::filesystem::path& path, Mode mode)
    : path_(path), fd_(::open(path.c_str(), flags_of(mode) | O_CLOEXEC, kFileMode)) {
  if (fd_ < 0) fail(errno);
}

RandomAccessFile::~RandomAccessFile() { ::close(fd_); }

void RandomAccessFile::fail(int error_number) const {
  throw Error(code_of(error_number), "[file] " + quoted_text(path_.string()) + ": " + system_message(error_number));
}

uint64_t RandomAccessFile::size_bytes() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) fail(errno);
  return static_cast<uint64_t>(status.st_size);
}

void RandomAccessFile::require_range(uint64_t offset_bytes, uint64_t size_bytes) const {
  const uint64_t length = this->size_bytes();
  if (offset_bytes > length || size_bytes > length - offset_bytes)
    throw Error(ErrorCode::CorruptFile, "[file] " + quoted_text(path_.string()) + ": ends at byte " +
                                            std::to_string(length) + ", before " + std::to_string(size_bytes) +
                                            " bytes from " + std::to_string(offset_bytes));
}

void RandomAccessFile::read(uint64_t offset_bytes, void* data, uint64_t size_bytes) const {
  for (uint64_t done = 0; done < size_bytes;) {
    const ssize_t count =
        ::pread(fd_, static_cast<char*>(data) + done, size_bytes - done, static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    if (count == 0) require_range(offset_bytes + done, size_bytes - done);
    done += static_cast<uint64_t>(count);
  }
}

std::vector<uint8_t> RandomAccessFile::read(uint64_t offset_bytes, uint64_t size_bytes) const {
  require_range(offset_bytes, size_bytes);  // before so much memory is taken
  std::vector<uint8_t> bytes(size_bytes);
  read(offset_bytes, bytes.data(), size_bytes);
  return bytes;
}

void RandomAccessFile::write(uint64_t offset_bytes, const void* data, uint64_t size_bytes) {
  for (uint64_t done = 0; done < size_bytes;) {
    const ssize_t count = ::pwrite(fd_, static_cast<const char*>(data) + done, size_bytes - done,
                                   static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    done += static_cast<uint64_t>(count);
  }
}

void RandomAccessFile::allocate(uint64_t size_bytes) {
  if (const int error_number = ::posix_fallocate(fd_, 0, static_cast<off_t>(size_bytes))) fail(error_number);
}

void RandomAccessFile::truncate(uint64_t size_bytes) {
  if (::ftruncate(fd_, static_cast<off_t>(size_bytes)) != 0) fail(errno);
}

bool RandomAccessFile::try_lock() {
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno != EWOULDBLOCK) fail(errno);
  return false;
}

void RandomAccessFile::sync() {
  if (::fdatasync(fd_) != 0) fail(errno);
}

}  // namespace easel
