// torch_autograd.h — autograd.h over LibTorch's autograd.
#pragma once

#include <ATen/ATen.h>

#include "ops/autograd.h"

namespace easel {

class TorchAutograd final : public Autograd {
 public:
  explicit TorchAutograd(at::Device device) : device_(device) {}

  Tensor leaf(const Tensor& values) override;
  void backward(const Tensor& loss) override;
  Tensor gradient(const Tensor& leaf) override;
  void clear_gradient(const Tensor& leaf) override;
  Tensor detach(const Tensor& x) override;
  Tensor recomputed(const Function& function, const std::vector<Tensor>& inputs) override;
  bool recording() const override;
  void set_recording(bool recording) override;
  double gradient_norm(const std::vector<Tensor>& leaves) override;
  void adamw_step(const Tensor& leaf, const Tensor& m, const Tensor& v, const AdamWOptions& options) override;
  void lerp(const Tensor& target, const Tensor& source, double weight) override;
  void assign(const Tensor& target, const Tensor& values) override;

 private:
  at::Device device_;
};

}  // namespace easel
