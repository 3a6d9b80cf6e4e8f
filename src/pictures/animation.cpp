#include "pictures/animation.h"

#include <cmath>

#include "easel/error.h"
#include "files/atomic_file.h"
#include "files/message_text.h"
#include "pictures/codecs/picture_codecs.h"

namespace easel {
namespace {

[[noreturn]] void refuse_animation(const std::string& what) {
  throw Error(ErrorCode::InvalidArgument, "[animation] " + what);
}

void check_frames(const std::vector<Picture>& frames) {
  if (frames.empty()) refuse_animation("no frames");
  for (const Picture& frame : frames) {
    check_picture(frame);
    if (frame.width_px != frames.front().width_px || frame.height_px != frames.front().height_px ||
        frame.channels != frames.front().channels)
      refuse_animation("frames of different sizes");
  }
}

void check_options(const AnimationOptions& options) {
  if (!(options.frames_per_second > 0 && options.frames_per_second <= 100))
    refuse_animation("fps = " + format_number(options.frames_per_second) + "; must be above 0, at most 100");
  if (options.loops < 0 || options.loops > 65535)
    refuse_animation("loops = " + std::to_string(options.loops) + "; must be 0..65535");
  if (options.quality < 1 || options.quality > 100)
    refuse_animation("quality = " + std::to_string(options.quality) + "; must be 1..100");
  check_metadata(options.metadata);
}

}  // namespace

int frame_start_ms(const AnimationOptions& options, size_t number) {
  return static_cast<int>(std::lround(1000.0 * static_cast<double>(number) / options.frames_per_second));
}

std::vector<uint8_t> encode_animation(const std::vector<Picture>& frames, PictureFormat format,
                                      const AnimationOptions& options) {
  check_frames(frames);
  check_options(options);
  try {
    if (format == PictureFormat::png) return encode_png_animation(frames, options);
    if (format == PictureFormat::webp) return encode_webp_animation(frames, options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) throw;
    throw Error(error.code(), std::string("[animation] ") + error.what());
  }
  refuse_animation("JPEG holds one picture; name a .webp or .png file");
}

void write_animation(const std::filesystem::path& path, const std::vector<Picture>& frames,
                     const AnimationOptions& options) {
  const std::vector<uint8_t> encoded = encode_animation(frames, picture_format_of(path), options);
  AtomicFile file(path);
  file.write(encoded.data(), encoded.size());
  file.commit();
}

}  // namespace easel
