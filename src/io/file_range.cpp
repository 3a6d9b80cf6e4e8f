#include "io/file_range.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "easel/error.h"
#include "io/quoted_text.h"

namespace easel {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

std::vector<uint8_t> read_file_range(const std::filesystem::path& path, uint64_t offset_bytes, uint64_t size_bytes) {
  const auto fail = [&](ErrorCode code, const std::string& why) {
    throw Error(code, "[file] " + quoted_text(path.string()) + ": " + why);
  };
  const OpenFile file(path);
  if (file.fd() < 0) fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::InvalidArgument, system_message(errno));
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0) fail(ErrorCode::InvalidArgument, system_message(errno));
  const auto length = static_cast<uint64_t>(status.st_size);
  if (offset_bytes > length || size_bytes > length - offset_bytes)
    fail(ErrorCode::CorruptFile, "ends at byte " + std::to_string(length) + ", before byte " +
                                     std::to_string(offset_bytes) + " + " + std::to_string(size_bytes));
  std::vector<uint8_t> bytes(size_bytes);
  for (uint64_t done = 0; done < size_bytes;) {
    const ssize_t count =
        ::pread(file.fd(), bytes.data() + done, size_bytes - done, static_cast<off_t>(offset_bytes + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(ErrorCode::InvalidArgument, system_message(errno));
    if (count == 0) fail(ErrorCode::CorruptFile, "was cut off while it was read");
    done += static_cast<uint64_t>(count);
  }
  return bytes;
}

}  // namespace easel
