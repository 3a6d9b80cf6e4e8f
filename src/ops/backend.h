// backend.h — what an implementation of the operations provides. ops.cpp checks operands and calls it.
//
// Contracts (formulas, shapes) are those of ops.h; operands arrive valid and on this backend. Two implementations
// exist: cpu (src/ops/cpu, always there) and torch (src/ops/torch, a plug-in).
#pragma once

#include <memory>

#include "ops/ops.h"

namespace easel {

class Autograd;      // autograd.h
class ProcessGroup;  // process_group.h
struct ProcessPlace;

class EASEL_API Backend {
 public:
  virtual ~Backend();
  virtual BackendKind kind() const = 0;

  virtual Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, const LinearOptions& options) = 0;
  virtual Tensor conv2d(const Tensor& x, const Tensor& weight, const Tensor& bias, const Conv2dOptions& options) = 0;
  virtual Tensor group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                            const GroupNormOptions& options) = 0;
  virtual Tensor group_norm_statistics(const Tensor& x, int64_t num_groups) = 0;
  virtual Tensor group_norm_apply(const Tensor& x, const Tensor& statistics, const Tensor& weight, const Tensor& bias,
                                  const GroupNormOptions& options) = 0;
  virtual Tensor layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, float eps) = 0;
  virtual Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) = 0;
  virtual Tensor activate(const Tensor& x, Activation activation) = 0;
  virtual Tensor multiply(const Tensor& a, const Tensor& b) = 0;
  virtual Tensor clamp(const Tensor& x, float low, float high) = 0;
  virtual Tensor weighted_sum(const std::vector<std::pair<double, Tensor>>& terms) = 0;
  virtual Tensor exponential(const Tensor& x) = 0;
  virtual Tensor absolute(const Tensor& x) = 0;
  virtual Tensor row_means(const Tensor& x) = 0;
  virtual Tensor scale_rows(const Tensor& x, const Tensor& scales) = 0;
  virtual Tensor log_softmax(const Tensor& x) = 0;
  virtual Tensor l2_normalize(const Tensor& x) = 0;
  virtual Tensor upsample_nearest(const Tensor& x, int64_t height, int64_t width) = 0;
  virtual Tensor concat(const std::vector<Tensor>& tensors, int axis) = 0;  // axis >= 0
  virtual Tensor slice(const Tensor& x, int axis, int64_t begin, int64_t end) = 0;
  virtual Tensor reshape(const Tensor& x, const Shape& shape) = 0;
  virtual Tensor permute(const Tensor& x, const std::vector<int>& order) = 0;
  virtual Tensor embedding(const Tensor& ids, const Tensor& table) = 0;
  virtual Tensor select_token(const Tensor& x, const Tensor& index) = 0;

  virtual Tensor from_host(const Tensor& host) = 0;
  virtual Tensor to_host(const Tensor& x) = 0;

  // Gradients through the operations, where the backend records them; null where it does not.
  virtual Autograd* autograd() { return nullptr; }
  // The processes that train together, at that place among them; null for a backend that trains nothing.
  virtual std::unique_ptr<ProcessGroup> join_process_group(const ProcessPlace& place);
};

// The backend of a kind. Throws NotFound for torch where the plug-in has not been loaded.
EASEL_API Backend& backend(BackendKind kind);

// Loads the torch plug-in once and selects its device ("cpu", "cuda", "cuda:1"). The library is looked for at
// EASEL_TORCH_PLUGIN, beside the program, in ../lib/easel of it, and where it was installed. Throws NotFound saying how
// to install it, or that there is no such GPU; InvalidArgument for an unknown device, or another than the first call's.
// LibTorch's threads are told to sleep while they wait (OMP_WAIT_POLICY=passive, unless the environment says
// otherwise): by default they spin for milliseconds after each of its operations, on the processors that our kernels
// then need.
EASEL_API void load_torch_backend(const std::string& device);

// Whose kernels the torch backend computes with where its device is the CPU: the cpu backend's, with their gradients of
// ops/gradients.h, or LibTorch's own. Default: own, or EASEL_TORCH_KERNELS=own|libtorch (InvalidArgument for any
// other).
enum class TorchCpuKernels { own, libtorch };
EASEL_API TorchCpuKernels torch_cpu_kernels();
// Not to be called while operations run: benchmarks and tests compare the two in one process.
EASEL_API void set_torch_cpu_kernels(TorchCpuKernels kernels);

// The number format in which LibTorch's kernels multiply (linear, conv2d, attention): f32, or bf16 with sums in f32, as
// autocast does. Weights, norms and results stay f32. Own kernels always compute in f32. Not to be called while
// operations run. Throws InvalidArgument for another format.
EASEL_API DType torch_product_dtype();
EASEL_API void set_torch_product_dtype(DType dtype);

// The symbol a plug-in exports: std::unique_ptr<Backend>(const char* device), released to the caller.
using CreateBackendFunction = Backend* (*)(const char* device);
inline constexpr const char* kCreateBackendSymbol = "easel_create_backend";

}  // namespace easel
