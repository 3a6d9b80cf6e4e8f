// wildcards.h — lists of texts that a prompt draws from: a file for each list, a text on each line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace easel {

// Lines of FOLDER/name.txt without spaces around them, blank ones and those that begin with '#'. A '*' in the name
// stands for any characters of a path's part: the lines of all such files, by name. Throws NotFound where there is no
// file, naming the nearest, CorruptFile for text that is not UTF-8, InvalidArgument for a name that leaves the folder.
std::vector<std::string> read_wildcard(const std::filesystem::path& folder, std::string_view name);

}  // namespace easel
