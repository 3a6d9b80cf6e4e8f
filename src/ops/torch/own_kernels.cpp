#include "ops/torch/own_kernels.h"

#include <torch/csrc/autograd/custom_function.h>

#include "ops/backend.h"
#include "ops/gradients.h"
#include "ops/torch/host_tensors.h"
#include "ops/torch/torch_storage.h"

namespace easel::own {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

Backend& cpu() { return backend(Device()); }

bool records(std::initializer_list<at::Tensor> operands) {
  if (!at::GradMode::is_enabled()) return false;
  return std::any_of(operands.begin(), operands.end(),
                     [](const at::Tensor& x) { return x.defined() && x.requires_grad(); });
}

// f16 and bf16 weights as f32; gradients flow to the stored tensor.
at::Tensor as_f32(const at::Tensor& x) { return x.defined() ? x.to(at::kFloat) : x; }

// Function takes no undefined tensors: an absent operand travels as one without elements.
at::Tensor or_empty(const at::Tensor& x) { return x.defined() ? x : at::empty({0}); }
Tensor borrow_present(const at::Tensor& x) { return x.numel() > 0 ? borrow(x) : Tensor(); }

// What backward needs to know beside tensors.
template <typename Value>
struct Kept final : torch::CustomClassHolder {
  explicit Kept(const Value& v) : value(v) {}
  Value value;
};

template <typename Value>
void keep(AutogradContext* context, const Value& value) {
  context->saved_data["options"] = c10::IValue::make_capsule(c10::make_intrusive<Kept<Value>>(value));
}

template <typename Value>
Value kept(AutogradContext* context) {
  return static_cast<const Kept<Value>&>(*context->saved_data["options"].toCapsule()).value;
}

struct LinearFunction : Function<LinearFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, const at::Tensor& residual) {
    context->save_for_backward({x, weight});
    return lend(cpu().linear(borrow(x), borrow(weight), borrow_present(bias), {.residual = borrow_present(residual)}));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor grad_y = borrow(gradients[0]);
    variable_list result(4);
    if (context->needs_input_grad(0)) result[0] = lend(linear_grad_input(grad_y, borrow(saved[1])));
    if (context->needs_input_grad(1)) result[1] = lend(linear_grad_weight(grad_y, borrow(saved[0])));
    if (context->needs_input_grad(2)) result[2] = lend(channel_sums(grad_y));
    if (context->needs_input_grad(3)) result[3] = gradients[0];
    return result;
  }
};

struct ConvolutionGeometry {
  int stride;
  Padding padding;
};

struct Conv2dFunction : Function<Conv2dFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, const at::Tensor& channel_bias, const at::Tensor& residual,
                            const ConvolutionGeometry& geometry) {
    context->save_for_backward({x, weight});
    keep(context, geometry);
    return lend(cpu().conv2d(borrow(x), borrow(weight), borrow_present(bias),
                             {.stride = geometry.stride,
                              .padding = geometry.padding,
                              .channel_bias = borrow_present(channel_bias),
                              .residual = borrow_present(residual)}));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const auto [stride, padding] = kept<ConvolutionGeometry>(context);
    const Tensor grad_y = borrow(gradients[0]), x = borrow(saved[0]), weight = borrow(saved[1]);
    variable_list result(6);
    if (context->needs_input_grad(0)) result[0] = lend(conv2d_grad_input(grad_y, weight, x.shape(), stride, padding));
    if (context->needs_input_grad(1)) result[1] = lend(conv2d_grad_weight(grad_y, x, weight.shape(), stride, padding));
    if (context->needs_input_grad(2)) result[2] = lend(channel_sums(grad_y));
    if (context->needs_input_grad(3)) result[3] = lend(pixel_sums(grad_y));
    if (context->needs_input_grad(4)) result[4] = gradients[0];
    return result;
  }
};

struct GroupNormFunction : Function<GroupNormFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, const GroupNormOptions& options) {
    const Tensor host = borrow(x), statistics = cpu().group_norm_statistics(host, options.num_groups);
    context->save_for_backward({x, weight, bias, lend(statistics)});
    keep(context, options);
    return lend(cpu().group_norm_apply(host, statistics, borrow(weight), borrow(bias), options));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const NormGradients result = group_norm_grad(borrow(gradients[0]), borrow(saved[0]), borrow(saved[3]),
                                                 borrow(saved[1]), borrow(saved[2]), kept<GroupNormOptions>(context));
    return {lend(result.x), lend(result.weight), lend(result.bias), at::Tensor()};
  }
};

struct LayerNormFunction : Function<LayerNormFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, double eps) {
    context->save_for_backward({x, weight});
    context->saved_data["eps"] = eps;
    return lend(cpu().layer_norm(borrow(x), borrow(weight), borrow(bias), static_cast<float>(eps)));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const NormGradients result = layer_norm_grad(borrow(gradients[0]), borrow(saved[0]), borrow(saved[1]),
                                                 static_cast<float>(context->saved_data["eps"].toDouble()));
    return {lend(result.x), lend(result.weight), lend(result.bias), at::Tensor()};
  }
};

struct AttentionFunction : Function<AttentionFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                            const AttentionOptions& options) {
    context->save_for_backward({q, k, v});
    keep(context, options);
    return lend(cpu().attention(borrow(q), borrow(k), borrow(v), options));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const AttentionGradients result = attention_grad(borrow(gradients[0]), borrow(saved[0]), borrow(saved[1]),
                                                     borrow(saved[2]), kept<AttentionOptions>(context));
    return {lend(result.q), lend(result.k), lend(result.v), at::Tensor()};
  }
};

struct ActivationFunction : Function<ActivationFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, Activation activation) {
    context->save_for_backward({x});
    keep(context, activation);
    return lend(cpu().activate(borrow(x), activation));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    return {lend(activate_grad(borrow(gradients[0]), borrow(saved[0]), kept<Activation>(context))), at::Tensor()};
  }
};

struct UpsampleFunction : Function<UpsampleFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, int64_t height, int64_t width) {
    const Tensor host = borrow(x);
    keep(context, host.shape());
    return lend(cpu().upsample_nearest(host, height, width));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    return {lend(upsample_nearest_grad(borrow(gradients[0]), kept<Shape>(context))), at::Tensor(), at::Tensor()};
  }
};

// The part of a fused call behind the sums. An activation's derivative needs the value before it, so it is a step of
// its own; a residual behind it is then added by itself.
at::Tensor finished(const at::Tensor& sums, Activation activation, const at::Tensor& residual) {
  const at::Tensor y = ActivationFunction::apply(sums, activation);
  return residual.defined() ? y + residual : y;
}

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const LinearOptions& options) {
  const at::Tensor residual = unwrap(options.residual);
  if (!records({x, weight, bias, residual})) {
    LinearOptions fused = options;
    fused.residual = borrow(residual);
    return lend(cpu().linear(borrow(x), borrow(weight), borrow(bias), fused));
  }
  const bool plain = options.activation == Activation::none;
  const at::Tensor y =
      LinearFunction::apply(x, as_f32(weight), or_empty(as_f32(bias)), or_empty(plain ? residual : at::Tensor()));
  return plain ? y : finished(y, options.activation, residual);
}

at::Tensor conv2d(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const Conv2dOptions& options) {
  const at::Tensor residual = unwrap(options.residual), channel_bias = unwrap(options.channel_bias);
  if (!records({x, weight, bias, channel_bias, residual})) {
    Conv2dOptions fused = options;
    fused.channel_bias = borrow(channel_bias);
    fused.residual = borrow(residual);
    return lend(cpu().conv2d(borrow(x), borrow(weight), borrow(bias), fused));
  }
  const bool plain = options.activation == Activation::none;
  const at::Tensor y = Conv2dFunction::apply(x, as_f32(weight), or_empty(as_f32(bias)), or_empty(channel_bias),
                                             or_empty(plain ? residual : at::Tensor()),
                                             ConvolutionGeometry{options.stride, options.padding});
  return plain ? y : finished(y, options.activation, residual);
}

at::Tensor group_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                      const GroupNormOptions& options) {
  if (!records({x, weight, bias})) return lend(cpu().group_norm(borrow(x), borrow(weight), borrow(bias), options));
  return GroupNormFunction::apply(x, as_f32(weight), as_f32(bias), options);
}

at::Tensor layer_norm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, float eps) {
  if (!records({x, weight, bias})) return lend(cpu().layer_norm(borrow(x), borrow(weight), borrow(bias), eps));
  return LayerNormFunction::apply(x, as_f32(weight), as_f32(bias), double{eps});
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const AttentionOptions& options) {
  if (!records({q, k, v})) return lend(cpu().attention(borrow(q), borrow(k), borrow(v), options));
  return AttentionFunction::apply(q, k, v, options);
}

at::Tensor activate(const at::Tensor& x, Activation activation) {
  return records({x}) ? ActivationFunction::apply(x, activation) : lend(cpu().activate(borrow(x), activation));
}

at::Tensor upsample_nearest(const at::Tensor& x, int64_t height, int64_t width) {
  if (!records({x})) return lend(cpu().upsample_nearest(borrow(x), height, width));
  return UpsampleFunction::apply(x, height, width);
}

}  // namespace easel::own
