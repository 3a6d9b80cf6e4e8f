// video_file.h — pictures one after the other as a film: MP4 and WebM, by a plug-in over FFmpeg's libraries. They stay
// outside the program because Debian builds them under the GPL.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "easel/picture.h"

namespace easel {

// .mp4 (H.264) or .webm (VP9), in any case.
bool is_video_path(const std::filesystem::path& path);

// To be called before computing: throws NotFound where the plug-in is not installed (plugin_file.h) or the folder is
// missing, InvalidArgument where it cannot be written.
void check_video_writable(const std::filesystem::path& path);

// Frames of one size, at least one; an odd side gains a pixel, as 4:2:0 wants it. Written under a temporary name and
// renamed. comment: into the file's metadata. Throws as check_video_writable; InvalidArgument for frames of different
// sizes; Cancelled; Internal with FFmpeg's words.
void write_video(const std::filesystem::path& path, const std::vector<Picture>& frames, double frames_per_second,
                 const std::string& comment);

// What the plug-in exports as easel_encode_video. It calls nothing of the program, and throws nothing: `error` says
// what went wrong.
struct VideoRequest {
  const char* path;
  const char* container;               // "mp4", "webm"
  const std::vector<Picture>* frames;  // RGB, even sides
  double frames_per_second;
  const char* comment;
  bool (*is_cancelled)();
};
using EncodeVideoFunction = void (*)(const VideoRequest& request, std::string& error);

}  // namespace easel
