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

// Where the plug-in may lie, in the order in which it is looked for.
std::vector<std::filesystem::path> plugin_candidates() {
  if (const char* named = std::getenv("EASEL_TORCH_PLUGIN")) return {named};
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  constexpr const char* kName = "libeasel_torch.so";
  return {program / kName, program / "../lib" / kName, program / "../lib/easel" / kName};
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
  std::string reasons;
  for (const auto& path : plugin_candidates()) {
    if (!std::filesystem::exists(path)) continue;
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      reasons += std::string("; ") + dlerror();
      continue;
    }
    const auto create = reinterpret_cast<CreateBackendFunction>(dlsym(library, kCreateBackendSymbol));
    if (create == nullptr) {
      reasons += "; " + path.string() + " is not an Easel plug-in";
      continue;
    }
    torch_backend.reset(create(device.c_str()));
    torch_device = device;
    return;
  }
  throw Error(
      ErrorCode::NotFound,
      "[backend] libeasel_torch.so not found (install libtorch-dev and build again, or set EASEL_TORCH_PLUGIN)" +
          reasons);
}

}  // namespace easel
