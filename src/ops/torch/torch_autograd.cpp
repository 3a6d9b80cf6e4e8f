#include "ops/torch/torch_autograd.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

#include "ops/host_optimizer.h"
#include "ops/torch/guard.h"
#include "ops/torch/host_tensors.h"
#include "ops/torch_settings.h"

namespace easel {
namespace {

std::vector<Tensor> wrap_all(const torch::autograd::variable_list& tensors) {
  std::vector<Tensor> wrapped;
  for (const at::Tensor& tensor : tensors) wrapped.push_back(tensor.defined() ? wrap(tensor) : Tensor());
  return wrapped;
}

// Runs the function without a record and again, recorded, when its gradient is asked for. Leaves that the function
// itself holds collect their gradients in that second run.
class Recompute : public torch::autograd::Function<Recompute> {
 public:
  // list: a TensorList, the only kind of list that apply() looks into for what to differentiate.
  static at::Tensor forward(torch::autograd::AutogradContext* context, at::TensorList list,
                            const Autograd::Function& function) {
    const torch::autograd::variable_list inputs = list.vec();
    context->save_for_backward(inputs);
    context->saved_data["function"] = c10::IValue::make_capsule(c10::make_intrusive<Held>(function));
    const at::AutoDispatchBelowADInplaceOrView unrecorded;
    return unwrap(function(wrap_all(inputs)));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list output_gradients) {
    torch::autograd::variable_list inputs;
    for (const at::Tensor& saved : context->get_saved_variables())
      inputs.push_back(saved.defined() ? saved.detach().requires_grad_(saved.requires_grad()) : saved);
    const auto held = c10::static_intrusive_pointer_cast<Held>(context->saved_data["function"].toCapsule());
    {
      const at::AutoGradMode recorded(true);
      const at::Tensor output = unwrap(held->function(wrap_all(inputs)));
      torch::autograd::backward({output}, {output_gradients[0]});
    }
    torch::autograd::variable_list gradients;
    for (const at::Tensor& input : inputs) gradients.push_back(input.defined() ? input.grad() : at::Tensor());
    gradients.emplace_back();  // of the function
    return gradients;
  }

 private:
  struct Held : torch::CustomClassHolder {
    explicit Held(Autograd::Function held) : function(std::move(held)) {}
    Autograd::Function function;
  };
};

// Whether our own loops may change these tensors where they lie.
bool on_host(std::initializer_list<at::Tensor> tensors) {
  return torch_cpu_kernels() == TorchCpuKernels::own &&
         std::all_of(tensors.begin(), tensors.end(), [](const at::Tensor& x) {
           return x.is_cpu() && x.is_contiguous() && x.scalar_type() == at::kFloat;
         });
}

}  // namespace

Tensor TorchAutograd::leaf(const Tensor& values) {
  return guarded("leaf", [&] {
    const Tensor host = values.to_f32();
    return at::from_blob(host.f32(), sizes_of(host.shape()), at::kFloat)
        .to(device_, at::kFloat, false, /*copy=*/true)
        .requires_grad_(true);
  });
}

void TorchAutograd::backward(const Tensor& loss) {
  guarded("backward", [&] {
    const at::Tensor value = unwrap(loss);
    torch::autograd::backward({value}, {at::ones_like(value)});
    return value.detach();
  });
}

Tensor TorchAutograd::gradient(const Tensor& leaf) {
  const at::Tensor collected = unwrap(leaf).grad();
  return collected.defined() ? wrap(collected) : Tensor();
}

void TorchAutograd::clear_gradient(const Tensor& leaf) { unwrap(leaf).mutable_grad().reset(); }

Tensor TorchAutograd::detach(const Tensor& x) { return wrap(unwrap(x).detach()); }

Tensor TorchAutograd::recomputed(const Function& function, const std::vector<Tensor>& inputs) {
  return guarded("recomputed", [&] {
    torch::autograd::variable_list tensors;
    for (const Tensor& input : inputs) tensors.push_back(unwrap(input));
    return Recompute::apply(at::TensorList(tensors), function);
  });
}

bool TorchAutograd::recording() const { return at::GradMode::is_enabled(); }
void TorchAutograd::set_recording(bool recording) { at::GradMode::set_enabled(recording); }

double TorchAutograd::gradient_norm(const std::vector<Tensor>& leaves) {
  double sum = 0;
  guarded("gradient_norm", [&] {
    at::Tensor squares = at::zeros({}, at::TensorOptions(device_).dtype(at::kDouble));
    for (const Tensor& leaf : leaves)
      if (const at::Tensor gradient = unwrap(leaf).grad(); gradient.defined())
        squares += gradient.norm().to(at::kDouble).square();
    sum = squares.item<double>();
    return squares;
  });
  return std::sqrt(sum);
}

void TorchAutograd::adamw_step(const Tensor& leaf, const Tensor& m, const Tensor& v, const AdamWOptions& options) {
  guarded("adamw_step", [&] {
    const at::NoGradGuard unrecorded;
    const at::Tensor weight = unwrap(leaf), first = unwrap(m), second = unwrap(v);
    at::Tensor gradient = weight.grad();
    if (!gradient.defined()) return weight.detach();
    if (on_host({weight, first, second})) {
      host_adamw_step(borrow(weight), borrow(gradient), borrow(first), borrow(second), options);
      for (const at::Tensor& changed : {weight, first, second}) changed.unsafeGetTensorImpl()->bump_version();
      return weight.detach();
    }
    if (options.gradient_scale != 1.0) gradient = gradient * options.gradient_scale;
    const auto step = static_cast<double>(options.step);
    const double correction1 = 1 - std::pow(options.beta1, step), correction2 = 1 - std::pow(options.beta2, step);
    weight.mul_(1 - options.learning_rate * options.weight_decay);
    first.mul_(options.beta1).add_(gradient, 1 - options.beta1);
    second.mul_(options.beta2).addcmul_(gradient, gradient, 1 - options.beta2);
    const at::Tensor denominator = (second.sqrt() / std::sqrt(correction2)).add_(options.epsilon);
    weight.addcdiv_(first, denominator, -options.learning_rate / correction1);
    return weight.detach();
  });
}

void TorchAutograd::lerp(const Tensor& target, const Tensor& source, double weight) {
  guarded("lerp", [&] {
    const at::NoGradGuard unrecorded;
    if (const at::Tensor changed = unwrap(target); on_host({changed})) {
      host_lerp(borrow(changed), borrow(unwrap(source)), weight);
      changed.unsafeGetTensorImpl()->bump_version();
      return changed.detach();
    }
    return unwrap(target).mul_(1 - weight).add_(unwrap(source).detach(), weight).detach();
  });
}

void TorchAutograd::assign(const Tensor& target, const Tensor& values) {
  guarded("assign", [&] {
    const at::NoGradGuard unrecorded;
    const Tensor host = values.to_f32();
    return unwrap(target).copy_(at::from_blob(host.f32(), sizes_of(host.shape()), at::kFloat)).detach();
  });
}

}  // namespace easel
