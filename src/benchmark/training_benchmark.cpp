#include "benchmark/training_benchmark.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "benchmark/process_usage.h"
#include "easel/error.h"
#include "models/unet/unet.h"
#include "models/vae/autoencoder_kl.h"
#include "ops/autograd.h"
#include "ops/cpu/peak.h"
#include "ops/op_observer.h"
#include "ops/ops.h"
#include "ops/torch_plugin.h"
#include "ops/torch_settings.h"
#include "tensor/parallel.h"
#include "training/losses/losses.h"
#include "training/optimizer.h"
#include "training/trainable_weights.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr uint64_t kSeed = 1;

// A network with a batch to learn from.
struct Training {
  int64_t batch_size = 0;
  NamedTensors weights;
  NamedTensors leaves;  // the weights, and what else takes a gradient
  std::function<Tensor()> loss;
};

Tensor random_tensor(const std::string& name, const Shape& shape) {
  return to_backend(RandomWeights(kSeed, DType::f32).get(name, shape), BackendKind::torch);
}

// latents: height and width of the latents.
Training unet_training(const json& config, int64_t batch_size, int64_t latents) {
  TrainableWeights weights({.component = "unet", .seed = kSeed});
  const auto unet = std::make_shared<UNet2DConditionModel>(UNetConfig::from_json(config), weights);
  constexpr int64_t kTokens = 40;
  UNetInputs inputs;
  inputs.sample = random_tensor("sample", {batch_size, latents, latents, 4});
  for (int64_t n = 0; n < batch_size; ++n) inputs.timesteps.push_back(static_cast<float>(n * 1000 / batch_size));
  // A leaf, as if a text encoder were trained too.
  inputs.encoder_hidden_states = autograd().leaf(
      to_host(random_tensor("encoder_hidden_states", {batch_size, kTokens, unet->config().cross_attention_dim()})));
  const Tensor noise = random_tensor("noise", inputs.sample.shape());
  NamedTensors leaves = weights.leaves();
  leaves["encoder_hidden_states"] = inputs.encoder_hidden_states;
  return {batch_size, weights.leaves(), leaves, [=] { return squared_error((*unet)(inputs), noise); }};
}

Training autoencoder_training(const json& config, int64_t batch_size, int64_t size_px) {
  TrainableWeights weights({.component = "vae", .seed = kSeed});
  const auto vae = std::make_shared<AutoencoderKL>(AutoencoderConfig::from_json(config), weights);
  const Tensor pictures = random_tensor("pictures", {batch_size, size_px, size_px, 3});
  return {batch_size, weights.leaves(), weights.leaves(), [=] {
            const LatentDistribution latents = vae->encode(pictures);
            const Tensor reconstruction = vae->decode(weighted_sum({{vae->config().scaling_factor, latents.mean}}));
            constexpr double kKlWeight = 1e-6;  // latent diffusion's; it does not matter for the time
            return weighted_sum({{1.0, squared_error(reconstruction, pictures)},
                                 {kKlWeight, kl_divergence(latents.mean, latents.logvar)}});
          }};
}

json unet_config(const std::vector<int64_t>& channels, int64_t layers) {
  return {{"down_block_types", {"CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"}},
          {"up_block_types", {"UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"}},
          {"block_out_channels", channels},
          {"layers_per_block", layers},
          {"attention_head_dim", 4},
          {"cross_attention_dim", 128}};
}

json autoencoder_config(const std::vector<int64_t>& channels) {
  return {{"block_out_channels", channels}, {"layers_per_block", 1}, {"norm_num_groups", 8}};
}

struct NamedTraining {
  std::string name;
  std::function<Training()> make;
};

// What the default model is made of (docs/training.md); tiny is for tests.
const std::vector<NamedTraining>& trainings() {
  static const std::vector<NamedTraining> list = {
      {"tiny",
       [] {
         return unet_training(unet_config({32, 32, 64}, 1), 2, 8);
       }},
      {"unet",
       [] {
         return unet_training(unet_config({64, 128, 256}, 1), 64, 16);
       }},
      {"autoencoder_16",
       [] {
         return autoencoder_training(autoencoder_config({16, 32, 64, 64}), 16, 64);
       }},
      {"autoencoder_32",
       [] {
         return autoencoder_training(autoencoder_config({32, 64, 128, 128}), 16, 64);
       }},
  };
  return list;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TrainingStepTimes run_step(const Training& training, Optimizer& optimizer, int64_t step) {
  TrainingStepTimes times;
  const double cpu_before = cpu_seconds();
  auto start = std::chrono::steady_clock::now();
  const Tensor loss = training.loss();
  times.forward_seconds = seconds_since(start);
  start = std::chrono::steady_clock::now();
  autograd().backward(loss);
  times.backward_seconds = seconds_since(start);
  start = std::chrono::steady_clock::now();
  constexpr double kLearningRate = 1e-5;
  optimizer.step(step, kLearningRate);
  times.optimizer_seconds = seconds_since(start);
  times.cpu_seconds = cpu_seconds() - cpu_before;
  return times;
}

TrainingStepTimes median(std::vector<TrainingStepTimes> times) {
  std::sort(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.seconds() < b.seconds(); });
  return times[times.size() / 2];
}

// Steps on our own kernels and on LibTorch's in turn, so that both meet the same machine.
void measure_steps(const Training& training, int64_t runs, TrainingShapeResult& result) {
  const TorchCpuKernels before = torch_cpu_kernels();
  Optimizer optimizer(training.leaves, {});
  std::vector<TrainingStepTimes> own, libtorch;
  int64_t step = 0;
  for (int64_t run = 0; run <= runs; ++run) {
    set_torch_cpu_kernels(TorchCpuKernels::own);
    own.push_back(run_step(training, optimizer, ++step));
    set_torch_cpu_kernels(TorchCpuKernels::libtorch);
    libtorch.push_back(run_step(training, optimizer, ++step));
  }
  set_torch_cpu_kernels(before);
  result.own = median({own.begin() + 1, own.end()});
  result.libtorch = median({libtorch.begin() + 1, libtorch.end()});
}

TrainingShapeResult measure_shape(const NamedTraining& named, int64_t runs) {
  const Training training = named.make();
  TrainingShapeResult result;
  result.shape = named.name;
  result.batch_size = training.batch_size;
  for (const auto& [name, weight] : training.weights) result.parameters += weight.numel();
  {
    const NoGradient once;
    const ScopedOpObserver observer([&](const OpRecord& record) {
      constexpr double kProducts = 3;  // forward, and the gradients of both operands
      result.tflop += kProducts * 2e-12 * static_cast<double>(record.multiply_adds);
    });
    training.loss();
  }
  measure_steps(training, runs, result);
  return result;
}

}  // namespace

std::vector<std::string> training_benchmark_shapes() {
  std::vector<std::string> names;
  for (const NamedTraining& training : trainings()) names.push_back(training.name);
  return names;
}

TrainingBenchmarkResult run_training_benchmark(const std::string& shape, int64_t runs) {
  std::vector<NamedTraining> chosen;
  std::string known = "all";
  for (const NamedTraining& training : trainings()) {
    if (shape == training.name || (shape == "all" && training.name != "tiny")) chosen.push_back(training);
    known += ", " + training.name;
  }
  if (chosen.empty())
    throw Error(ErrorCode::InvalidArgument, "[bench] unknown training '" + shape + "'; known are: " + known);
  load_torch_backend({.kind = DeviceKind::torch_cpu});
  TrainingBenchmarkResult result;
  // Before and after, the better one: a busy machine must not flatter the ratio.
  result.peak_gflops = cpu::measure_peak_gflops(thread_count());
  for (const NamedTraining& training : chosen) result.shapes.push_back(measure_shape(training, runs));
  result.peak_gflops = std::max(result.peak_gflops, cpu::measure_peak_gflops(thread_count()));
  result.peak_memory_bytes = peak_resident_bytes();
  return result;
}

}  // namespace easel
