#include "files/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

std::shared_ptr<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const auto fail = [&](ErrorCode code, const std::string& why) {
    return Error(code, "[file] " + quoted_text(path.string()) + " cannot be read: " + why);
  };
  // O_NONBLOCK: opening a named pipe must not wait for a writer before it is found to be no regular file.
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0)
    throw fail(errno == ENOENT || errno == ENOTDIR ? ErrorCode::NotFound : ErrorCode::InvalidArgument,
               system_message(errno));
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) throw fail(ErrorCode::InvalidArgument, system_message(errno));
  if (!S_ISREG(status.st_mode)) throw fail(ErrorCode::InvalidArgument, "not a regular file");
  const size_t size_bytes = static_cast<size_t>(status.st_size);
  void* data = nullptr;
  if (size_bytes > 0) {
    data = mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (data == MAP_FAILED) throw fail(ErrorCode::ResourceExhausted, system_message(errno));
  }
  return std::shared_ptr<MappedFile>(new MappedFile(data, size_bytes));
}

MappedFile::~MappedFile() {
  if (size_bytes() > 0) munmap(data(), size_bytes());
}

std::string_view storage_bytes(const Storage& storage) {
  return {static_cast<const char*>(storage.data()), storage.size_bytes()};
}

}  // namespace easel
