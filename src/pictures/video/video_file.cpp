#include "pictures/video/video_file.h"

#include <algorithm>

#include "easel/error.h"
#include "files/atomic_file.h"
#include "files/quoted_text.h"
#include "files/unfinished_output.h"
#include "tensor/cancellation_scope.h"
#include "tensor/plugin_file.h"

namespace easel {
namespace {

constexpr PluginFile kVideoPlugin{.who = "video",
                                  .what = "video",
                                  .name = "libeasel_video.so",
                                  .environment = "EASEL_VIDEO_PLUGIN",
                                  .symbol = "easel_encode_video",
                                  .package = "libavformat-dev and libswscale-dev"};

EncodeVideoFunction encode_video() {
  static const auto function = reinterpret_cast<EncodeVideoFunction>(find_plugin_symbol(kVideoPlugin));
  return function;
}

// "mp4", "webm", or whatever the extension is, in small letters.
std::string container_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  return extension.empty() ? extension : extension.substr(1);
}

// RGB, with the last column and row once more where a side is odd.
Picture even_sided(const Picture& picture) {
  Picture even{(picture.width_px + 1) / 2 * 2, (picture.height_px + 1) / 2 * 2, 3, {}};
  for (int y = 0; y < even.height_px; ++y)
    for (int x = 0; x < even.width_px; ++x) {
      const size_t at =
          static_cast<size_t>(std::min(y, picture.height_px - 1)) * static_cast<size_t>(picture.width_px) +
          static_cast<size_t>(std::min(x, picture.width_px - 1));
      const uint8_t* pixel = &picture.pixels[at * static_cast<size_t>(picture.channels)];
      for (int c = 0; c < 3; ++c) even.pixels.push_back(pixel[picture.channels < 3 ? 0 : c]);
    }
  return even;
}

// Removed where it has not got its name.
class TemporaryVideo {
 public:
  explicit TemporaryVideo(const std::filesystem::path& path) : path_(path), temporary_(path.string() + ".part") {}
  ~TemporaryVideo() {
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }
  TemporaryVideo(const TemporaryVideo&) = delete;
  TemporaryVideo& operator=(const TemporaryVideo&) = delete;

  const std::filesystem::path& name() const { return temporary_; }
  void commit() { std::filesystem::rename(temporary_, path_); }

 private:
  std::filesystem::path path_, temporary_;
  UnfinishedOutput unfinished_;
};

}  // namespace

bool is_video_path(const std::filesystem::path& path) {
  const std::string container = container_of(path);
  return container == "mp4" || container == "webm";
}

void check_video_writable(const std::filesystem::path& path) {
  encode_video();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw Error(ErrorCode::InvalidArgument, "[video] " + quoted_text(path.string()) + " is a folder; name a file");
  const AtomicFile trial(path);
}

void write_video(const std::filesystem::path& path, const std::vector<Picture>& frames, double frames_per_second,
                 const std::string& comment) {
  std::vector<Picture> even;
  for (const Picture& frame : frames) {
    even.push_back(even_sided(frame));
    if (even.back().pixels.size() != even.front().pixels.size() || even.back().width_px != even.front().width_px)
      throw Error(ErrorCode::InvalidArgument, "[video] frames of different sizes");
  }
  if (even.empty()) throw Error(ErrorCode::InvalidArgument, "[video] no frames");
  TemporaryVideo file(path);
  std::string error;
  const std::string name = file.name().string(), container = container_of(path);
  encode_video()({.path = name.c_str(),
                  .container = container.c_str(),
                  .frames = &even,
                  .frames_per_second = frames_per_second,
                  .comment = comment.c_str(),
                  .is_cancelled = cancellation_requested},
                 error);
  throw_if_cancelled();
  if (!error.empty()) throw Error(ErrorCode::Internal, "[video] " + quoted_text(path.string()) + ": " + error);
  file.commit();
}

}  // namespace easel
