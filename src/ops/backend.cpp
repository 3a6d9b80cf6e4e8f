#include "ops/backend.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "easel/error.h"
#include "ops/cpu/cpu_backend.h"

namespace easel {
namespace {

std::mutex torch_mutex;
std::unique_ptr<Backend> torch_backend;
std::string torch_device;

constexpr const char* kPluginName = "libeasel_torch.so";

// Where the plug-in may lie, in the order in which it is looked for: where the user says, beside the program (a build
// folder), where `cmake --install` put it (also when the whole prefix has been moved).
std::vector<std::filesystem::path> plugin_candidates() {
  if (const char* named = std::getenv("EASEL_TORCH_PLUGIN")) return {named};
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  return {program / kPluginName, program / "../lib/easel" / kPluginName,
          std::filesystem::path(EASEL_PLUGIN_DIR) / kPluginName};
}

// Never closed: LibTorch registers destructors that run at the program's end.
CreateBackendFunction open_plugin(const std::filesystem::path& path) {
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const symbol = library ? dlsym(library, kCreateBackendSymbol) : nullptr;
  if (symbol == nullptr)
    throw Error(ErrorCode::NotFound,
                "[backend] " + path.string() + " is no torch plug-in that works here: " + std::string(dlerror()));
  return reinterpret_cast<CreateBackendFunction>(symbol);
}

}  // namespace

Backend::~Backend() = default;

Backend& backend(BackendKind kind) {
  if (kind == BackendKind::cpu) return cpu_backend();
  const std::lock_guard lock(torch_mutex);
  if (!torch_backend) throw Error(ErrorCode::NotFound, "[backend] the torch plug-in has not been loaded");
  return *torch_backend;
}

void load_torch_backend(const std::string& device) {
  const std::lock_guard lock(torch_mutex);
  if (torch_backend && torch_device == device) return;
  if (torch_backend)
    throw Error(ErrorCode::InvalidArgument, "[backend] torch already runs on " + torch_device + ", not " + device);
  std::string looked_at;
  for (const auto& path : plugin_candidates()) {
    if (std::filesystem::exists(path)) {
      torch_backend.reset(open_plugin(path)(device.c_str()));
      torch_device = device;
      return;
    }
    looked_at += (looked_at.empty() ? "" : ", ") + path.string();
  }
  throw Error(ErrorCode::NotFound, "[backend] the torch plug-in is not installed (looked for " + looked_at +
                                       "): install libtorch-dev and build again, or set EASEL_TORCH_PLUGIN to it");
}

}  // namespace easel
