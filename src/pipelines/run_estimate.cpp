#include "pipelines/run_estimate.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "easel/error.h"
#include "files/message_text.h"
#include "ops/cpu/peak.h"
#include "ops/run_meter.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

constexpr double kSlack = 1.1;                        // scratch memory of kernels
constexpr int64_t kFixedBytes = 8 << 20;              // packed weights, embeddings
constexpr int64_t kBandRows = 64;                     // what a refusal proposes
constexpr double kShareOfPeak = 0.8;                  // of the arithmetic peak that whole runs reach
constexpr double kLongRun_s = 600;                    // seconds
constexpr int64_t kSurelyShort = 20'000'000'000'000;  // multiply-adds: below, the peak need not be measured
constexpr int64_t kTokens = 77, kTimeIds = 6;

RunNeeds network_call(const DiffusionModel& model, const RunSize& size) {
  const UNetConfig& config = model.unet.config();
  const RunMeter meter;
  UNetInputs inputs;
  inputs.sample = shape_only({size.samples, size.height, size.width, config.in_channels});
  inputs.timesteps.assign(static_cast<size_t>(size.samples), 0.0f);
  inputs.encoder_hidden_states = shape_only({size.samples, kTokens, config.cross_attention_dim()});
  if (config.text_time_embedding) {
    inputs.time_ids.assign(static_cast<size_t>(size.samples) * kTimeIds, 0.0f);
    inputs.text_embeds = shape_only(
        {size.samples, config.projection_class_embeddings_input_dim - kTimeIds * config.addition_time_embed_dim});
  }
  if (config.class_embedding == ClassEmbedding::table)
    inputs.class_labels = Tensor::from({size.samples}, std::vector<int32_t>(static_cast<size_t>(size.samples)));
  model.unet(inputs);
  return meter.needs();
}

RunNeeds decoding(const DiffusionModel& model, const RunSize& size) {
  const RunMeter meter;
  model.vae.decode(shape_only({1, size.height, size.width, model.vae.config().latent_channels}), size.band_rows);
  return meter.needs();
}

std::string gigabytes(int64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
  return text;
}

// The ways to make a run fit, as a list of words.
std::string ways_out(const DiffusionModel& model, const RunSize& size, int64_t available_bytes) {
  const auto fits = [&](const RunSize& other) { return estimate_run(model, other).peak_bytes <= available_bytes; };
  std::vector<std::string> ways;
  RunSize banded = size;
  banded.band_rows = kBandRows;
  if (size.band_rows == 0 && fits(banded)) ways.push_back("vae_band_rows = " + std::to_string(kBandRows));
  RunSize single = size;
  single.samples /= size.pictures;
  if (size.pictures > 1 && fits(single)) ways.emplace_back("num_images = 1");
  const int64_t factor = model.vae.config().downsampling();
  for (int64_t sixteenths = 15; sixteenths >= 1; --sixteenths) {
    RunSize smaller = size;
    smaller.height = size.height * sixteenths / 16;
    smaller.width = size.width * sixteenths / 16;
    if (smaller.height < 1 || smaller.width < 1 || !fits(smaller)) continue;
    ways.push_back(std::to_string(smaller.width * factor) + " x " + std::to_string(smaller.height * factor) + " px");
    break;
  }
  std::string text;
  for (const std::string& way : ways) text += (text.empty() ? "" : " or ") + way;
  return text;
}

}  // namespace

RunEstimate estimate_run(const DiffusionModel& model, const RunSize& size) {
  const RunNeeds call = network_call(model, size), decode = decoding(model, size);
  const auto peak = static_cast<double>(std::max(call.peak_bytes, decode.peak_bytes));
  return {.peak_bytes = static_cast<int64_t>(kSlack * peak) + kFixedBytes,
          .multiply_adds = size.network_calls * call.multiply_adds + size.pictures * decode.multiply_adds};
}

void require_memory(const DiffusionModel& model, const RunSize& size, int64_t available_bytes) {
  const int64_t needed = estimate_run(model, size).peak_bytes;
  if (needed <= available_bytes) return;
  const int64_t factor = model.vae.config().downsampling();
  const std::string ways = ways_out(model, size, available_bytes);
  throw Error(ErrorCode::ResourceExhausted, "[generate] " + std::to_string(size.width * factor) + " x " +
                                                std::to_string(size.height * factor) + " px needs about " +
                                                gigabytes(needed) + " of memory, " + gigabytes(available_bytes) +
                                                " are free" + (ways.empty() ? "" : "; what fits: " + ways));
}

std::string long_run_notice(const RunEstimate& estimate) {
  if (estimate.multiply_adds < kSurelyShort) return "";
  const double peak = 1e9 * cpu::measure_peak_gflops(thread_count()) * kShareOfPeak;
  const double seconds = 2.0 * static_cast<double>(estimate.multiply_adds) / peak;
  return seconds < kLongRun_s ? "" : "this will take about " + format_duration(seconds) + "; Ctrl-C ends it";
}

}  // namespace easel
