// caption.h — scene → words.
#pragma once

#include <cstdint>
#include <string>

#include "storybook/scene.h"

namespace easel::storybook {

// One of many wordings, chosen by `variation`: synonyms, word orders, details left out at random, short forms. At most
// 24 words. Never says what the picture does not show.
std::string caption(const Scene& scene, uint64_t variation);

// A wording that leaves out nothing that a scorer looks at: kind, colour, count, relation, setting, style; the time of
// day and the weather too unless they are day and clear. For evaluation prompts.
std::string caption_full(const Scene& scene, uint64_t variation);

}  // namespace easel::storybook
