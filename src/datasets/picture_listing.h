// picture_listing.h — what folders and archives of captioned pictures have in common.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace easel {

// Without the dot, in the order in which they are looked for.
inline constexpr std::array<const char*, 4> kPictureExtensions{"png", "jpg", "jpeg", "webp"};
inline constexpr uint64_t kMaxCaptionFileBytes = 1 << 20;  // a longer one is no caption

std::string lower_case(std::string text);      // ASCII letters only
std::string trimmed(const std::string& text);  // without the line breaks and spaces around it
// Throws NotFound where there is nothing at the path of a data set, InvalidArgument where it cannot be looked at.
void require_data(const std::filesystem::path& path);

}  // namespace easel
