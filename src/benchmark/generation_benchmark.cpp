#include "benchmark/generation_benchmark.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "benchmark/process_usage.h"
#include "easel/error.h"
#include "model_tools/network_shapes.h"
#include "models/clip/clip_text_model.h"
#include "models/unet/unet.h"
#include "models/vae/autoencoder_kl.h"
#include "ops/cpu/peak.h"
#include "ops/op_observer.h"
#include "pipelines/device.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

constexpr uint64_t kSeed = 1;

// One run of a component: its time and its operations.
ComponentResult run_once(const std::string& component, const std::function<void()>& run) {
  ComponentResult result;
  result.component = component;
  const ScopedOpObserver observer([&](const OpRecord& record) {
    OpTotal& total = result.ops[record.op];
    total.calls += 1;
    total.multiply_adds += record.multiply_adds;
    total.seconds += record.seconds;
    result.tflop += 2e-12 * static_cast<double>(record.multiply_adds);
  });
  const auto start = std::chrono::steady_clock::now();
  run();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

ComponentResult measure(const std::string& component, int64_t runs, const std::function<void()>& run) {
  run();
  std::vector<ComponentResult> results;
  for (int64_t i = 0; i < runs; ++i) results.push_back(run_once(component, run));
  std::sort(results.begin(), results.end(), [](const auto& a, const auto& b) { return a.seconds < b.seconds; });
  return results[results.size() / 2];
}

Tensor random_tensor(const Shape& shape, BackendKind kind) {
  return to_backend(RandomWeights(kSeed, DType::f32).get("input", shape), kind);
}

ComponentResult measure_text_encoders(const std::vector<nlohmann::json>& configs, BackendKind kind, int64_t runs) {
  RandomWeights weights(kSeed, DType::f16, kind);
  std::vector<ClipTextModel> encoders;
  for (const nlohmann::json& config : configs) encoders.emplace_back(ClipTextConfig::from_json(config), weights);
  const Tensor ids = Tensor::from({2, 77}, std::vector<int32_t>(2 * 77, 7));  // prompt and negative prompt
  return measure("text_encoder", runs, [&] {
    for (const ClipTextModel& encoder : encoders) to_host(encoder(ids).last_hidden_state);
  });
}

ComponentResult measure_unet_step(const nlohmann::json& json, int64_t height, int64_t width, BackendKind kind,
                                  int64_t runs) {
  RandomWeights weights(kSeed, DType::f16, kind);
  const UNetConfig config = UNetConfig::from_json(json);
  const UNet2DConditionModel unet(config, weights);
  UNetInputs inputs;
  inputs.sample = random_tensor({2, height, width, config.in_channels}, kind);
  inputs.timesteps = {500.0f, 500.0f};
  inputs.encoder_hidden_states = random_tensor({2, 77, config.cross_attention_dim()}, kind);
  if (config.text_time_embedding) {
    inputs.time_ids = std::vector<float>(2 * 6, 512.0f);
    const int64_t text_dim = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim;
    inputs.text_embeds = random_tensor({2, text_dim}, kind);
  }
  return measure("unet_step", runs, [&] { to_host(unet(inputs)); });
}

ComponentResult measure_vae_decode(const AutoencoderConfig& config, int64_t height, int64_t width, BackendKind kind,
                                   int64_t runs) {
  RandomWeights weights(kSeed, DType::f16, kind);
  const AutoencoderKL vae(config, weights);
  const Tensor latents = random_tensor({1, height, width, config.latent_channels}, kind);
  return measure("vae_decode", runs, [&] { to_host(vae.decode(latents)); });
}

}  // namespace

BenchmarkResult run_benchmark(const BenchmarkOptions& options) {
  const NetworkShape shape = network_shape(options.shape);
  const AutoencoderConfig vae_config = AutoencoderConfig::from_json(shape.vae);
  const int64_t factor = vae_config.downsampling();
  if (options.width_px < factor || options.height_px < factor || options.width_px % factor != 0 ||
      options.height_px % factor != 0)
    throw Error(ErrorCode::InvalidArgument, "[bench] size " + std::to_string(options.width_px) + "x" +
                                                std::to_string(options.height_px) + "; both must be multiples of " +
                                                std::to_string(factor));
  const BackendKind kind = select_device(options.device).backend_kind();
  const int64_t height = options.height_px / factor, width = options.width_px / factor;
  BenchmarkResult result;
  // Before and after, the better one: a busy machine must not flatter the ratio.
  result.peak_gflops = cpu::measure_peak_gflops(thread_count());
  result.components.push_back(measure_text_encoders(shape.text_encoders, kind, options.runs));
  result.components.push_back(measure_unet_step(shape.unet, height, width, kind, options.runs));
  result.components.push_back(measure_vae_decode(vae_config, height, width, kind, options.runs));
  result.peak_gflops = std::max(result.peak_gflops, cpu::measure_peak_gflops(thread_count()));
  result.peak_memory_bytes = peak_resident_bytes();
  return result;
}

}  // namespace easel
