// picture_kinds.h — the kinds that are pictures, from the table kinds/pictures.json: a JSON array with an object a
// kind, described in docs/storybook.md.
#pragma once

#include <string_view>
#include <vector>

#include "storybook/kind_row.h"

namespace easel::storybook {

std::string_view picture_kinds_json();  // as it was when Easel was built

// Throws CorruptFile naming the row. The names live as long as the program.
std::vector<KindRow> read_picture_kinds(std::string_view json);

}  // namespace easel::storybook
