// clip_vocabulary.h — where CLIP's vocabulary lies for checkpoints that carry none (single files).
#pragma once

#include <filesystem>

namespace easel {

// A folder with vocab.json and merges.txt: EASEL_CLIP_VOCABULARY, else ../share/easel/clip beside the running program
// (which is also where the build tree keeps it). Throws NotFound, with the command that fetches it.
std::filesystem::path default_clip_vocabulary();

}  // namespace easel
