#include "tensor/plugin_file.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "easel/error.h"

namespace easel {
namespace {

std::vector<std::filesystem::path> plugin_candidates(const PluginFile& plugin) {
  if (const char* named = std::getenv(plugin.environment)) return {named};
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  // The second also where the whole prefix has been moved.
  return {program / plugin.name, program / "../lib/easel" / plugin.name,
          std::filesystem::path(installed_plugin_folder()) / plugin.name};
}

}  // namespace

void* find_plugin_symbol(const PluginFile& plugin) {
  const std::string who = std::string("[") + plugin.who + "] ", what = plugin.what;
  std::string looked_at;
  for (const auto& path : plugin_candidates(plugin)) {
    looked_at += (looked_at.empty() ? "" : ", ") + path.string();
    if (!std::filesystem::exists(path)) continue;
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* const symbol = library ? dlsym(library, plugin.symbol) : nullptr;
    if (symbol == nullptr)
      throw Error(ErrorCode::NotFound,
                  who + path.string() + " is no " + what + " plug-in that works here: " + std::string(dlerror()));
    return symbol;
  }
  throw Error(ErrorCode::NotFound, who + "the " + what + " plug-in is not installed (looked for " + looked_at +
                                       "): install " + plugin.package + " and build again, or set " +
                                       plugin.environment + " to it");
}

}  // namespace easel
