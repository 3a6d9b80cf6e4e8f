// tiny_image_tower.h — a CLIP folder with a random image tower and nothing else.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace easel::test {

// Two layers of 8 channels over pictures of 16x16 in patches of 8x8. preprocessor: of preprocessor_config.json.
void write_tiny_image_tower(const std::filesystem::path& folder, const nlohmann::json& preprocessor);

}  // namespace easel::test
