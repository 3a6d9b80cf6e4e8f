#include "text/language/wildcards.h"

#include <fnmatch.h>

#include <algorithm>
#include <fstream>

#include "easel/error.h"
#include "files/message_text.h"
#include "files/quoted_text.h"
#include "files/trimmed_text.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    const std::string_view text = trimmed_text(line);
    if (text.empty() || text.front() == '#') continue;
    if (!is_utf8(line)) throw Error(ErrorCode::CorruptFile, "[prompt] " + path.string() + ": not UTF-8");
    lines.emplace_back(text);
  }
  if (file.bad()) throw Error(ErrorCode::NotFound, "[prompt] cannot read " + path.string());
  return lines;
}

// Of every list in the folder, as a prompt names it.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".txt")
      names.push_back(fs::relative(entry->path(), folder, error).replace_extension().generic_string());
  std::ranges::sort(names);
  return names;
}

}  // namespace

std::vector<std::string> read_wildcard(const fs::path& folder, std::string_view name) {
  const std::string pattern(name);
  const fs::path relative(pattern);
  if (relative.is_absolute() || std::ranges::find(relative, fs::path("..")) != relative.end())
    throw Error(ErrorCode::InvalidArgument, "[prompt] wildcard " + quoted_text(name) + " leaves the folder");
  const std::vector<std::string> names = names_in(folder);
  std::vector<std::string> lines;
  bool found = false;
  for (const std::string& file : names) {
    if (fnmatch(pattern.c_str(), file.c_str(), FNM_PATHNAME | FNM_NOESCAPE) != 0) continue;
    found = true;
    std::ranges::move(lines_of(folder / (file + ".txt")), std::back_inserter(lines));
  }
  if (!found)
    throw Error(ErrorCode::NotFound, "[prompt] wildcard __" + pattern + "__: no file " +
                                         (folder / (pattern + ".txt")).string() + suggestion(name, names));
  return lines;
}

}  // namespace easel
