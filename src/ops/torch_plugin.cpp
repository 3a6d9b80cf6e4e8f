#include "ops/torch_plugin.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "easel/error.h"
#include "ops/gradients.h"
#include "ops/host_optimizer.h"
#include "ops/torch_settings.h"

namespace easel {
namespace {

std::mutex plugin_mutex;
std::unique_ptr<TorchPlugin> plugin;

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

// The plug-in calls into these object files of the library, which nothing else may use: naming one function of each
// keeps the linker from leaving them out of a program. (It resolves Tensor and Error too; those this file uses.)
using AnyFunction = void (*)();
[[gnu::used]] const AnyFunction plugin_imports[] = {
    reinterpret_cast<AnyFunction>(&autograd),      reinterpret_cast<AnyFunction>(&backend),
    reinterpret_cast<AnyFunction>(&channel_sums),  reinterpret_cast<AnyFunction>(&host_lerp),
    reinterpret_cast<AnyFunction>(&process_place), reinterpret_cast<AnyFunction>(&torch_cpu_kernels)};

// Never closed: LibTorch registers destructors that run at the program's end.
CreateTorchPluginFunction open_plugin(const std::filesystem::path& path) {
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const symbol = library ? dlsym(library, kCreateTorchPluginSymbol) : nullptr;
  if (symbol == nullptr)
    throw Error(ErrorCode::NotFound,
                "[backend] " + path.string() + " is no torch plug-in that works here: " + std::string(dlerror()));
  return reinterpret_cast<CreateTorchPluginFunction>(symbol);
}

}  // namespace

TorchPlugin::~TorchPlugin() = default;

TorchPlugin& torch_plugin() {
  const std::lock_guard lock(plugin_mutex);
  if (!plugin) throw Error(ErrorCode::NotFound, "[backend] the torch plug-in has not been loaded");
  return *plugin;
}

void load_torch_backend(const Device& device) {
  const std::lock_guard lock(plugin_mutex);
  if (plugin && plugin->backend().device() == device) return;
  if (plugin)
    throw Error(
        ErrorCode::InvalidArgument,
        "[backend] torch already runs on " + device_name(plugin->backend().device()) + ", not " + device_name(device));
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);  // read once, when the OpenMP runtime is loaded with LibTorch
  std::string looked_at;
  for (const auto& path : plugin_candidates()) {
    if (std::filesystem::exists(path)) {
      plugin.reset(open_plugin(path)(device));
      return;
    }
    looked_at += (looked_at.empty() ? "" : ", ") + path.string();
  }
  throw Error(ErrorCode::NotFound, "[backend] the torch plug-in is not installed (looked for " + looked_at +
                                       "): install libtorch-dev and build again, or set EASEL_TORCH_PLUGIN to it");
}

}  // namespace easel
