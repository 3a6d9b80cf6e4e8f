// autograd.h — gradients through the operations of ops.h, and the arithmetic of optimizers.
//
// A backend that records (torch does) differentiates whatever is computed from its leaves. Training code is written
// over this interface and ops.h, so it includes nothing of LibTorch. Not thread safe: one thread trains.
#pragma once

#include <functional>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

// One step of AdamW: Loshchilov & Hutter 2019, arXiv:1711.05101, Algorithm 2, with the decay scaled by the rate alone.
struct AdamWOptions {
  double learning_rate = 1e-4;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
  int64_t step = 1;             // t of the bias corrections, from 1 on
  double gradient_scale = 1.0;  // multiplies the gradient first: clipping
};

class EASEL_API Autograd {
 public:
  virtual ~Autograd();

  // A copy of `values` (host, f32) on the backend that collects a gradient.
  virtual Tensor leaf(const Tensor& values) = 0;
  // Adds d loss / d leaf to the gradient of every leaf that the loss depends on. loss: one element.
  virtual void backward(const Tensor& loss) = 0;
  // What backward has collected since the last clear; undefined where nothing arrived.
  virtual Tensor gradient(const Tensor& leaf) = 0;
  virtual void clear_gradient(const Tensor& leaf) = 0;
  // The same elements, constant to gradients.
  virtual Tensor detach(const Tensor& x) = 0;

  // function(inputs), computed again during backward instead of keeping what is between: gradient checkpointing. Chen
  // et al. 2016, arXiv:1604.06174. The function must depend on nothing that changes until then.
  using Function = std::function<Tensor(const std::vector<Tensor>& inputs)>;
  virtual Tensor recomputed(const Function& function, const std::vector<Tensor>& inputs) = 0;

  // Whether operations are recorded, on this thread.
  virtual bool recording() const = 0;
  virtual void set_recording(bool recording) = 0;

  // Square root of the sum of squares of all gradients of the leaves, summed in f64.
  virtual double gradient_norm(const std::vector<Tensor>& leaves) = 0;
  // Updates leaf, and its moments m and v (backend tensors of its shape) in place; a leaf without gradient is skipped.
  virtual void adamw_step(const Tensor& leaf, const Tensor& m, const Tensor& v, const AdamWOptions& options) = 0;
  // target = (1 - weight) * target + weight * source, in place.
  virtual void lerp(const Tensor& target, const Tensor& source, double weight) = 0;
  // Copies host values into a backend tensor of the same shape, in place.
  virtual void assign(const Tensor& target, const Tensor& values) = 0;
};

// That of the torch backend. Throws NotFound where the plug-in has not been loaded.
EASEL_API Autograd& autograd();

// While it lives, nothing is recorded: sampling and validation during training.
class EASEL_API NoGradient {
 public:
  NoGradient();
  ~NoGradient();
  NoGradient(const NoGradient&) = delete;
  NoGradient& operator=(const NoGradient&) = delete;

 private:
  bool was_recording_;
};

// Whether networks compute their blocks again during backward (off at the start); see checkpointed().
EASEL_API void set_gradient_checkpointing(bool enabled);
EASEL_API bool gradient_checkpointing();
// function(inputs), through Autograd::recomputed where checkpointing is on and the backend records.
EASEL_API Tensor checkpointed(const Autograd::Function& function, const std::vector<Tensor>& inputs);

}  // namespace easel
