#include <functional>

#include "checkpoints/checkpoint.h"
#include "easel/error.h"
#include "golden/case_runners.h"
#include "golden/network_weights.h"
#include "models/unet/unet.h"
#include "ops/ops.h"
#include "ops/torch_plugin.h"
#include "training/losses/diffusion_loss.h"
#include "training/optimizer.h"

namespace easel::golden {
namespace {

DiffusionObjective objective_of(const nlohmann::json& params) {
  const nlohmann::json& scheduler = params.at("scheduler");
  const BetaOptions betas{.num_train_timesteps = scheduler.at("num_train_timesteps"),
                          .beta_start = scheduler.at("beta_start"),
                          .beta_end = scheduler.at("beta_end"),
                          .beta_schedule = parse_beta_schedule(scheduler.at("beta_schedule").get<std::string>())};
  return {.schedule = NoiseSchedule(make_alphas_cumprod(make_betas(betas))),
          .target = parse_prediction_target(scheduler.at("prediction_type")),
          .snr_gamma = params.at("snr_gamma").is_null() ? 0.0 : params.at("snr_gamma").get<double>()};
}

OptimizerOptions options_of(const nlohmann::json& params, bool use_ema_warmup) {
  return {.adamw = {.beta1 = params.at("betas").at(0),
                    .beta2 = params.at("betas").at(1),
                    .epsilon = params.at("eps"),
                    .weight_decay = params.at("weight_decay")},
          .max_grad_norm = 0,
          .use_ema = true,
          .ema_decay = params.at("ema_decay"),
          .use_ema_warmup = use_ema_warmup};
}

// Row `step` of a stacked input, [step, B, ...] -> [B, ...].
Tensor row(const Tensor& stacked, int64_t step) {
  std::vector<int64_t> extents(stacked.shape().begin() + 1, stacked.shape().end());
  return stacked.rows(step, step + 1).view(Shape(extents.data(), static_cast<int>(extents.size())));
}

struct Run {
  const GoldenCase& golden_case;
  const nlohmann::json& params;
  TrainableWeights weights;
  UNet2DConditionModel unet;
  Optimizer optimizer;

  Run(const GoldenCase& the_case, const nlohmann::json& config, const WeightMap& start, bool use_ema_warmup)
      : golden_case(the_case),
        params(the_case.spec.at("params")),
        weights({.component = "unet", .start = &start}),
        unet(UNetConfig::from_json(config), weights),
        optimizer(weights.leaves(), options_of(params, use_ema_warmup)) {}

  NoisyBatch batch(int64_t step) const {
    const Tensor timesteps = row(golden_case.input_i32("timesteps"), step);
    const std::vector<int> values(timesteps.data<int32_t>(), timesteps.data<int32_t>() + timesteps.numel());
    return add_noise(objective_of(params), nchw_to_nhwc(row(golden_case.input_f32("latents"), step)),
                     nchw_to_nhwc(row(golden_case.input_f32("noise"), step)), values);
  }

  Tensor predict(const NoisyBatch& noisy, int64_t step) const {
    UNetInputs inputs;
    inputs.sample = to_backend(noisy.noisy, BackendKind::torch);
    inputs.timesteps = noisy.timesteps;
    inputs.encoder_hidden_states = to_backend(row(golden_case.input_f32("context"), step), BackendKind::torch);
    return unet(inputs);
  }
};

// The values of "<prefix><parameter>" for every parameter that the case checks there.
void check_each(CaseReport& report, const GoldenCase& golden_case, const std::string& prefix,
                const std::function<Tensor(const std::string&)>& value) {
  for (const auto& [name, expected] : golden_case.expected.tensors)
    if (name.starts_with(prefix)) report.check(name, to_host(value("unet." + name.substr(prefix.size()))));
}

void check_first_step(CaseReport& report, const Run& run, const NoisyBatch& noisy, const Tensor& prediction) {
  report.check("noisy_0", nhwc_to_nchw(noisy.noisy));
  report.check("target_0", nhwc_to_nchw(noisy.target));
  report.check("pred_0", nhwc_to_nchw(to_host(prediction)));
  check_each(report, run.golden_case, "grad.",
             [&](const std::string& name) { return autograd().gradient(run.optimizer.leaves().at(name)); });
}

// Trains the case's steps; `observe` sees the first step before its update. Returns losses and gradient norms.
std::pair<std::vector<double>, std::vector<double>> train(
    Run& run, const std::function<void(const NoisyBatch&, const Tensor&)>& before_first_update,
    const std::function<void(int64_t)>& after_update) {
  std::vector<double> losses, norms;
  for (int64_t step = 0; step < run.params.at("steps").get<int64_t>(); ++step) {
    const NoisyBatch noisy = run.batch(step);
    const Tensor prediction = run.predict(noisy, step);
    const Tensor loss = squared_error(prediction, to_backend(noisy.target, BackendKind::torch),
                                      to_backend(noisy.weights, BackendKind::torch));
    autograd().backward(loss);
    if (step == 0) before_first_update(noisy, prediction);
    losses.push_back(item(loss));
    norms.push_back(run.optimizer.step(step + 1, run.params.at("lr")));
    after_update(step + 1);
  }
  return {losses, norms};
}

}  // namespace

void run_training_case(const GoldenCase& golden_case, CaseReport& report) {
  try {
    load_torch_backend({.kind = DeviceKind::torch_cpu});
  } catch (const Error& error) {
    const std::string reason = error.what();
    if (reason.find("is not installed") == std::string::npos) throw;  // a plug-in that is there must load
    return report.skip(reason);
  }
  const nlohmann::json config = diffusers_config(golden_case);
  const Checkpoint model = open_checkpoint(golden_case.path(golden_case.spec.at("model")));
  const WeightMap& start = model.weights("unet");
  Run plain(golden_case, config, start, false);
  const auto [losses, norms] = train(
      plain,
      [&](const NoisyBatch& noisy, const Tensor& prediction) { check_first_step(report, plain, noisy, prediction); },
      [&](int64_t steps) {
        check_each(report, golden_case, "w" + std::to_string(steps) + ".",
                   [&](const std::string& name) { return autograd().detach(plain.optimizer.leaves().at(name)); });
      });
  report.check("losses", losses);
  report.check("grad_norms", norms);
  check_each(report, golden_case, "ema_plain.",
             [&](const std::string& name) { return plain.optimizer.averaged().at(name); });

  Run warmed(golden_case, config, start, true);
  train(
      warmed, [](const NoisyBatch&, const Tensor&) {}, [](int64_t) {});
  check_each(report, golden_case, "ema_diffusers.",
             [&](const std::string& name) { return warmed.optimizer.averaged().at(name); });
}

}  // namespace easel::golden
