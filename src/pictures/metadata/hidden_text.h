// hidden_text.h — text in the lowest bits of pixels, as NovelAI and an extension of the webui hide it ("stealth
// pnginfo").
#pragma once

#include <string>

#include "easel/picture.h"

namespace easel {

// The text of a picture whose alpha channel, or red, green and blue, hold it, column by column, plain or gzipped; empty
// where there is none, or where it is cut off or no UTF-8. At most 16 MiB.
std::string hidden_text(const Picture& picture);

}  // namespace easel
