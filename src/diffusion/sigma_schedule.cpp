#include "diffusion/sigma_schedule.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "diffusion/beta_distribution.h"
#include "easel/error.h"

namespace easel {
namespace {

double fraction_of(int i, int n) { return n > 1 ? static_cast<double>(i) / (n - 1) : 0.0; }

std::vector<double> with_final_zero(std::vector<double> sigmas) {
  sigmas.push_back(0.0);
  return sigmas;
}

// sigmas at n timesteps position(i) * (num_train_timesteps - 1), then 0.
template <typename Position>
std::vector<double> at_timesteps(int n, const NoiseSchedule& schedule, Position position) {
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i) sigmas.push_back(schedule.sigma_at(position(i) * (schedule.num_train_timesteps() - 1)));
  return with_final_zero(sigmas);
}

std::vector<double> discrete(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  return at_timesteps(n, schedule, [n](int i) { return 1.0 - fraction_of(i, n); });
}

std::vector<double> karras(int n, const NoiseSchedule&, const SigmaScheduleOptions& options) {
  return with_final_zero(karras_sigmas(n, options.sigma_min, options.sigma_max, options.rho > 0 ? options.rho : 7.0));
}

std::vector<double> exponential(int n, const NoiseSchedule&, const SigmaScheduleOptions& options) {
  return with_final_zero(exponential_sigmas(n, options.sigma_min, options.sigma_max));
}

// k-diffusion's: log sigma falls as the rho-th power of time.
std::vector<double> polyexponential(int n, const NoiseSchedule&, const SigmaScheduleOptions& options) {
  const double rho = options.rho > 0 ? options.rho : 1.0;
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i)
    sigmas.push_back(std::exp(
        std::lerp(std::log(options.sigma_min), std::log(options.sigma_max), std::pow(1.0 - fraction_of(i, n), rho))));
  return with_final_zero(sigmas);
}

std::vector<double> vp(int n, const NoiseSchedule&, const SigmaScheduleOptions&) { return vp_sigmas(n); }

// Stability-AI's generative-models: n of n + 1 equally spaced timesteps, the last left out.
std::vector<double> sgm_uniform(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  return at_timesteps(n, schedule, [n](int i) { return 1.0 - static_cast<double>(i) / n; });
}

// Every N / n-th entry of the table from the noisiest on; ComfyUI's.
std::vector<double> simple(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  const int num_timesteps = schedule.num_train_timesteps();
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i)
    sigmas.push_back(schedule.sigma(num_timesteps - 1 - static_cast<int>(static_cast<int64_t>(i) * num_timesteps / n)));
  return with_final_zero(sigmas);
}

std::vector<double> ddim_uniform(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  std::vector<double> sigmas;
  for (int t : uniform_timesteps(n, schedule.num_train_timesteps())) sigmas.push_back(schedule.sigma(t));
  return with_final_zero(sigmas);
}

std::vector<double> at_spacing(TimestepSpacing spacing, int n, const NoiseSchedule& schedule) {
  const int num_timesteps = schedule.num_train_timesteps();
  std::vector<double> sigmas;
  for (double t : spaced_timesteps({spacing, n, num_timesteps, num_timesteps, 0, false}))
    sigmas.push_back(schedule.sigma_at(t));
  return with_final_zero(sigmas);
}
std::vector<double> leading(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  return at_spacing(TimestepSpacing::leading, n, schedule);
}
std::vector<double> trailing(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  return at_spacing(TimestepSpacing::trailing, n, schedule);
}

// Lee et al. 2024, arXiv:2407.12173: timesteps at quantiles of Beta(0.6, 0.6); equal entries are merged.
std::vector<double> beta(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  constexpr double kAlpha = 0.6, kBeta = 0.6;  // the paper's best values
  std::vector<double> sigmas;
  int previous = -1;
  for (int i = 0; i < n; ++i) {
    const double quantile = beta_quantile(1.0 - static_cast<double>(i) / n, kAlpha, kBeta);
    const int t = static_cast<int>(std::rint(quantile * (schedule.num_train_timesteps() - 1)));
    if (t != previous) sigmas.push_back(schedule.sigma(t));
    previous = t;
  }
  return with_final_zero(sigmas);
}

// Genmo's Mochi: half of the steps linear over the first 2.5 % of the noise, then quadratic; scaled to sigma_max.
std::vector<double> linear_quadratic(int n, const NoiseSchedule&, const SigmaScheduleOptions& options) {
  constexpr double kThreshold = 0.025;
  const double linear_steps = n / 2, quadratic_steps = n - n / 2;
  const double slope = linear_steps > 0 ? kThreshold / linear_steps : 0.0;  // per step
  const double curve = linear_steps > 0
                           ? (1.0 - kThreshold - slope * quadratic_steps) / (quadratic_steps * quadratic_steps)
                           : 1.0 / (quadratic_steps * quadratic_steps);
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i) {
    const double beyond = std::max(0.0, i - linear_steps);
    sigmas.push_back(options.sigma_max * (1.0 - slope * i - curve * beyond * beyond));
  }
  return with_final_zero(sigmas);
}

// Sabour et al. 2024, arXiv:2404.14507, theorem 3.1: equal steps of arctan sigma.
std::vector<double> kl_optimal(int n, const NoiseSchedule&, const SigmaScheduleOptions& options) {
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i)
    sigmas.push_back(
        std::tan(std::lerp(std::atan(options.sigma_max), std::atan(options.sigma_min), fraction_of(i, n))));
  return with_final_zero(sigmas);
}

// A table of 11 sigmas, log-linear in between.
std::vector<double> interpolated(int n, std::span<const double, 11> table) {
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i) {
    const double position = fraction_of(i, n) * 10.0;
    const size_t low = std::min<size_t>(static_cast<size_t>(position), 9);
    sigmas.push_back(
        std::exp(std::lerp(std::log(table[low]), std::log(table[low + 1]), position - static_cast<double>(low))));
  }
  return with_final_zero(sigmas);
}

// Sabour et al. 2024, arXiv:2404.14507: optimised levels for 10 steps, published at
// https://research.nvidia.com/labs/toronto-ai/AlignYourSteps/howto.html.
std::vector<double> ays_sd1(int n, const NoiseSchedule&, const SigmaScheduleOptions&) {
  static constexpr double kTable[] = {14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029};
  return interpolated(n, kTable);
}
std::vector<double> ays_sdxl(int n, const NoiseSchedule&, const SigmaScheduleOptions&) {
  static constexpr double kTable[] = {14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029};
  return interpolated(n, kTable);
}

// Timesteps along 3 u^2 - 2 u^3: dense at both ends.
std::vector<double> smoothstep(int n, const NoiseSchedule& schedule, const SigmaScheduleOptions&) {
  return at_timesteps(n, schedule, [n](int i) {
    const double u = 1.0 - static_cast<double>(i) / n;
    return u * u * (3.0 - 2.0 * u);
  });
}

const std::vector<SigmaScheduleInfo>& table() {
  static const std::vector<SigmaScheduleInfo> schedules = {
      {"discrete", "Normal", {"normal", "uniform", "linspace"}, discrete},
      {"karras", "Karras", {"k", "ka"}, karras},
      {"exponential", "Exponential", {"lu", "exp"}, exponential},
      {"polyexponential", "Polyexponential", {"polyexp"}, polyexponential},
      {"sgm_uniform", "SGM Uniform", {}, sgm_uniform},
      {"simple", "Simple", {}, simple},
      {"ddim_uniform", "DDIM", {"ddim"}, ddim_uniform},
      {"leading", "Leading", {}, leading},
      {"trailing", "Trailing", {}, trailing},
      {"beta", "Beta", {}, beta},
      {"kl_optimal", "KL Optimal", {}, kl_optimal},
      {"ays", "Align Your Steps", {"ays_sd1", "align_your_steps"}, ays_sd1},
      {"ays_sdxl", "Align Your Steps XL", {"align_your_steps_sdxl"}, ays_sdxl},
      {"linear_quadratic", "Linear Quadratic", {}, linear_quadratic},
      {"smoothstep", "Smoothstep", {}, smoothstep},
      {"vp", "VP", {}, vp},
  };
  return schedules;
}

}  // namespace

TimestepSpacing parse_timestep_spacing(std::string_view name) {
  if (name == "leading") return TimestepSpacing::leading;
  if (name == "linspace") return TimestepSpacing::linspace;
  if (name == "trailing") return TimestepSpacing::trailing;
  throw Error(ErrorCode::InvalidArgument,
              "[sigma_schedule] timestep_spacing = " + std::string(name) + "; must be leading, linspace or trailing");
}

std::vector<double> spaced_timesteps(const SpacingOptions& options) {
  const int points = options.num_steps + (options.exclude_last ? 1 : 0);
  if (options.num_steps < 1 || points > options.num_timesteps)
    throw Error(ErrorCode::InvalidArgument,
                "[sigma_schedule] num_inference_steps = " + std::to_string(options.num_steps) + "; must be 1.." +
                    std::to_string(options.num_timesteps - (options.exclude_last ? 1 : 0)));
  std::vector<double> timesteps;
  const double last = options.num_timesteps - 1.0;
  for (int i = 0; i < options.num_steps; ++i) {
    switch (options.spacing) {
      case TimestepSpacing::leading:
        timesteps.push_back((points - 1.0 - i) * (options.num_timesteps / points) + options.steps_offset);
        break;
      case TimestepSpacing::linspace: timesteps.push_back(last - last * fraction_of(i, points)); break;
      case TimestepSpacing::trailing: {
        const double stride = static_cast<double>(options.num_train_timesteps) / options.num_steps;
        timesteps.push_back(std::max(0.0, std::rint(options.num_timesteps - i * stride) - 1.0));
        break;
      }
    }
  }
  // An offset beyond the table would read past its end.
  for (double& t : timesteps) t = std::clamp(t, 0.0, options.num_train_timesteps - 1.0);
  return timesteps;
}

void round_timesteps(std::vector<double>& timesteps) {
  for (double& t : timesteps) t = std::rint(t);
}

std::vector<int> uniform_timesteps(int num_steps, int num_timesteps) {
  const int stride = std::max(1, num_timesteps / num_steps);
  std::vector<int> timesteps;
  for (int t = 1; t < num_timesteps; t += stride) timesteps.push_back(t);
  std::reverse(timesteps.begin(), timesteps.end());
  return timesteps;
}

std::span<const SigmaScheduleInfo> sigma_schedules() { return table(); }

std::string folded_name(std::string_view name) {
  std::string folded;
  for (unsigned char c : name) {
    if (std::isalnum(c)) folded += static_cast<char>(std::tolower(c));
    if (c == '+') folded += 'p';
  }
  return folded;
}

const SigmaScheduleInfo* try_find_sigma_schedule(std::string_view name) {
  const std::string wanted = folded_name(name);
  for (const SigmaScheduleInfo& info : table()) {
    if (wanted == folded_name(info.name) || wanted == folded_name(info.label)) return &info;
    for (std::string_view alias : info.aliases)
      if (wanted == folded_name(alias)) return &info;
  }
  return nullptr;
}

const SigmaScheduleInfo& find_sigma_schedule(std::string_view name) {
  if (const SigmaScheduleInfo* info = try_find_sigma_schedule(name)) return *info;
  std::string names;
  for (const SigmaScheduleInfo& info : table()) names += std::string(names.empty() ? "" : ", ") + info.name;
  throw Error(ErrorCode::InvalidArgument,
              "[sigma_schedule] unknown schedule '" + std::string(name) + "'; known: " + names);
}

std::vector<double> make_sigmas(const SigmaScheduleInfo& info, int num_steps, const NoiseSchedule& schedule,
                                const SigmaScheduleOptions& options) {
  if (num_steps < 1 || num_steps > schedule.num_train_timesteps())
    throw Error(ErrorCode::InvalidArgument, "[sigma_schedule] num_inference_steps = " + std::to_string(num_steps) +
                                                "; must be 1.." + std::to_string(schedule.num_train_timesteps()));
  SigmaScheduleOptions range = options;
  if (range.sigma_min <= 0.0) range.sigma_min = schedule.sigma_min();
  if (range.sigma_max <= 0.0) range.sigma_max = schedule.sigma_max();
  if (range.sigma_min >= range.sigma_max)
    throw Error(ErrorCode::InvalidArgument, "[sigma_schedule] sigma_min = " + std::to_string(range.sigma_min) +
                                                "; must be below sigma_max = " + std::to_string(range.sigma_max));
  return info.sigmas(num_steps, schedule, range);
}

std::vector<double> karras_sigmas(int n, double sigma_min, double sigma_max, double rho) {
  const double low = std::pow(sigma_min, 1.0 / rho), high = std::pow(sigma_max, 1.0 / rho);
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i) sigmas.push_back(std::pow(std::lerp(high, low, fraction_of(i, n)), rho));
  return sigmas;
}

std::vector<double> exponential_sigmas(int n, double sigma_min, double sigma_max) {
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i)
    sigmas.push_back(std::exp(std::lerp(std::log(sigma_max), std::log(sigma_min), fraction_of(i, n))));
  return sigmas;
}

std::vector<double> vp_sigmas(int n, double beta_d, double beta_min, double eps_s) {
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i) {
    const double t = std::lerp(1.0, eps_s, fraction_of(i, n));
    sigmas.push_back(std::sqrt(std::expm1(beta_d * t * t / 2 + beta_min * t)));
  }
  return with_final_zero(sigmas);
}

}  // namespace easel
