#include "ops/torch/torch_process_group.h"

// LibTorch's own build defines these; its headers are empty without them. Gloo's headers are not part of LibTorch, and
// NCCL's only of builds for CUDA.
#if __has_include(<gloo/algorithm.h>)
#define USE_C10D_GLOO
#endif
#if __has_include(<nccl.h>) && defined(EASEL_TORCH_CUDA)
#define USE_C10D_NCCL
#endif
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "ops/torch/guard.h"

namespace easel {
namespace {

// One message for all tensors: collectives cost more by the call than by the byte.
at::Tensor flattened(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> parts;
  for (const at::Tensor& tensor : tensors) parts.push_back(tensor.reshape(-1));
  return at::cat(parts);
}

template <typename Group>
class TorchProcessGroup final : public ProcessGroup {
 public:
  TorchProcessGroup(const ProcessPlace& place, c10::intrusive_ptr<Group> group)
      : place_(place), group_(std::move(group)) {}
  int rank() const override { return place_.rank; }
  int size() const override { return place_.size; }

  void average(const std::vector<Tensor>& tensors) override {
    const at::NoGradGuard unrecorded;
    try {
      std::vector<at::Tensor> own;
      for (const Tensor& tensor : tensors) own.push_back(unwrap(tensor));
      std::vector<at::Tensor> message{flattened(own)};
      group_->allreduce(message)->wait();
      int64_t begin = 0;
      for (at::Tensor& tensor : own) {
        tensor.copy_(message[0].narrow(0, begin, tensor.numel()).view(tensor.sizes()) / place_.size);
        begin += tensor.numel();
      }
    } catch (const std::exception& error) {  // c10::Error, and Gloo's own
      throw Error(ErrorCode::Unsupported,
                  "[processes] rank " + std::to_string(place_.rank) + " lost the others: " + first_line(error.what()));
    }
  }

 private:
  ProcessPlace place_;
  c10::intrusive_ptr<Group> group_;
};

c10::intrusive_ptr<c10d::Store> rendezvous(const ProcessPlace& place) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(place.port);
  options.isServer = place.rank == 0;
  options.numWorkers = static_cast<size_t>(place.size);
  return c10::make_intrusive<c10d::TCPStore>(place.address, options);
}

std::unique_ptr<ProcessGroup> gloo_group([[maybe_unused]] const ProcessPlace& place) {
#ifdef USE_C10D_GLOO
  auto options = c10d::ProcessGroupGloo::Options::create();
  options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
  return std::make_unique<TorchProcessGroup<c10d::ProcessGroupGloo>>(
      place, c10::make_intrusive<c10d::ProcessGroupGloo>(rendezvous(place), place.rank, place.size, options));
#else
  throw Error(ErrorCode::Unsupported, "[processes] built without Gloo's headers (libgloo-dev)");
#endif
}

std::unique_ptr<ProcessGroup> nccl_group([[maybe_unused]] const ProcessPlace& place) {
#ifdef USE_C10D_NCCL
  return std::make_unique<TorchProcessGroup<c10d::ProcessGroupNCCL>>(
      place, c10::make_intrusive<c10d::ProcessGroupNCCL>(rendezvous(place), place.rank, place.size));
#else
  throw Error(ErrorCode::Unsupported, "[processes] built without NCCL");
#endif
}

}  // namespace

std::unique_ptr<ProcessGroup> make_torch_process_group(const ProcessPlace& place, at::Device device) {
  try {
    return device.is_cpu() ? gloo_group(place) : nccl_group(place);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::Unsupported, "[processes] rank " + std::to_string(place.rank) + " cannot join " +
                                            place.address + ":" + std::to_string(place.port) + ": " +
                                            first_line(error.what()));
  }
}

}  // namespace easel
