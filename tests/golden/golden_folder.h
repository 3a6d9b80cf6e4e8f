// golden_folder.h — where the golden data lies.
#pragma once

#include <filesystem>

namespace easel::golden {

// EASEL_GOLDEN_DIR, else ../shared/golden beside the checkout, else the core that the repository holds.
std::filesystem::path golden_folder();

}  // namespace easel::golden
