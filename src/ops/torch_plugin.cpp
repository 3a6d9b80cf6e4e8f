#include "ops/torch_plugin.h"

#include <cstdlib>
#include <mutex>

#include "easel/error.h"
#include "ops/gradients.h"
#include "ops/host_optimizer.h"
#include "ops/torch_settings.h"
#include "tensor/plugin_file.h"

namespace easel {
namespace {

std::mutex plugin_mutex;
std::unique_ptr<TorchPlugin> plugin;

constexpr PluginFile kTorchPlugin{.who = "backend",
                                  .what = "torch",
                                  .name = "libeasel_torch.so",
                                  .environment = "EASEL_TORCH_PLUGIN",
                                  .symbol = kCreateTorchPluginSymbol,
                                  .package = "libtorch-dev"};

// The plug-in calls into these object files of the library, which nothing else may use: naming one function of each
// keeps the linker from leaving them out of a program. (It resolves Tensor and Error too; those this file uses.)
using AnyFunction = void (*)();
[[gnu::used]] const AnyFunction plugin_imports[] = {
    reinterpret_cast<AnyFunction>(&autograd),      reinterpret_cast<AnyFunction>(&backend),
    reinterpret_cast<AnyFunction>(&channel_sums),  reinterpret_cast<AnyFunction>(&host_lerp),
    reinterpret_cast<AnyFunction>(&process_place), reinterpret_cast<AnyFunction>(&torch_cpu_kernels)};

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
  plugin.reset(reinterpret_cast<CreateTorchPluginFunction>(find_plugin_symbol(kTorchPlugin))(device));
}

}  // namespace easel
