#include "ops/backend.h"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "easel/error.h"
#include "ops/autograd.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/gradients.h"
#include "ops/host_optimizer.h"
#include "ops/process_group.h"
#include "ops/shapes/shape_backend.h"

namespace easel {
namespace {

std::mutex torch_mutex;
std::unique_ptr<Backend> torch_backend;
std::string torch_device;

std::atomic<DType> chosen_product_dtype{DType::f32};

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

std::atomic<TorchCpuKernels>& chosen_torch_cpu_kernels() {
  static std::atomic<TorchCpuKernels> chosen{[] {
    const char* const text = std::getenv("EASEL_TORCH_KERNELS");
    const std::string name = text == nullptr || *text == '\0' ? "own" : text;
    if (name != "own" && name != "libtorch")
      throw Error(ErrorCode::InvalidArgument, "[torch] EASEL_TORCH_KERNELS = " + name + "; must be own or libtorch");
    return name == "own" ? TorchCpuKernels::own : TorchCpuKernels::libtorch;
  }()};
  return chosen;
}

// The plug-in calls into these object files of the library, which nothing else may use: naming one function of each
// keeps the linker from leaving them out of a program. (It resolves Tensor, Error and Backend too; those this file
// uses.)
using AnyFunction = void (*)();
[[gnu::used]] const AnyFunction plugin_imports[] = {
    reinterpret_cast<AnyFunction>(&autograd), reinterpret_cast<AnyFunction>(&channel_sums),
    reinterpret_cast<AnyFunction>(&host_lerp), reinterpret_cast<AnyFunction>(&process_place)};

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
std::unique_ptr<ProcessGroup> Backend::join_process_group(const ProcessPlace&) { return nullptr; }

Backend& backend(BackendKind kind) {
  if (kind == BackendKind::cpu) return cpu_backend();
  if (kind == BackendKind::shapes) return shape_backend();
  const std::lock_guard lock(torch_mutex);
  if (!torch_backend) throw Error(ErrorCode::NotFound, "[backend] the torch plug-in has not been loaded");
  return *torch_backend;
}

TorchCpuKernels torch_cpu_kernels() { return chosen_torch_cpu_kernels(); }
void set_torch_cpu_kernels(TorchCpuKernels kernels) { chosen_torch_cpu_kernels() = kernels; }

DType torch_product_dtype() { return chosen_product_dtype; }

void set_torch_product_dtype(DType dtype) {
  if (dtype != DType::f32 && dtype != DType::bf16)
    throw Error(ErrorCode::InvalidArgument,
                std::string("[torch] products in ") + dtype_name(dtype) + "; must be f32 or bf16");
  chosen_product_dtype = dtype;
}

void load_torch_backend(const std::string& device) {
  const std::lock_guard lock(torch_mutex);
  if (torch_backend && torch_device == device) return;
  if (torch_backend)
    throw Error(ErrorCode::InvalidArgument, "[backend] torch already runs on " + torch_device + ", not " + device);
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);  // read once, when the OpenMP runtime is loaded with LibTorch
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
