#include "diffusion/noise_schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "easel/error.h"
#include "ops/ops.h"

namespace easel {
namespace {

double squared(double x) { return x * x; }

// Nichol & Dhariwal 2021, eq. 17, with their offset s = 0.008.
double cosine_alpha_bar(double t) { return squared(std::cos((t + 0.008) / 1.008 * std::numbers::pi / 2)); }

double beta_at(const BetaOptions& options, int i) {
  const int n = options.num_train_timesteps;
  if (options.beta_schedule == BetaSchedule::squaredcos_cap_v2) {
    // Capped at 0.999 as in the paper, against the singularity at the end.
    return std::min(1.0 - cosine_alpha_bar((i + 1.0) / n) / cosine_alpha_bar(static_cast<double>(i) / n), 0.999);
  }
  const double fraction = n > 1 ? static_cast<double>(i) / (n - 1) : 0.0;
  if (options.beta_schedule == BetaSchedule::linear) return std::lerp(options.beta_start, options.beta_end, fraction);
  return squared(std::lerp(std::sqrt(options.beta_start), std::sqrt(options.beta_end), fraction));
}

}  // namespace

BetaSchedule parse_beta_schedule(std::string_view name) {
  if (name == "linear") return BetaSchedule::linear;
  if (name == "scaled_linear") return BetaSchedule::scaled_linear;
  if (name == "squaredcos_cap_v2") return BetaSchedule::squaredcos_cap_v2;
  throw Error(ErrorCode::InvalidArgument, "[noise_schedule] beta_schedule = " + std::string(name) +
                                              "; must be linear, scaled_linear or squaredcos_cap_v2");
}

std::vector<double> make_betas(const BetaOptions& options) {
  if (options.num_train_timesteps < 2 || options.num_train_timesteps > 1'000'000)
    throw Error(ErrorCode::InvalidArgument, "[noise_schedule] num_train_timesteps = " +
                                                std::to_string(options.num_train_timesteps) + "; must be 2..1000000");
  std::vector<double> betas(static_cast<size_t>(options.num_train_timesteps));
  for (int i = 0; i < options.num_train_timesteps; ++i) betas[static_cast<size_t>(i)] = beta_at(options, i);
  return betas;
}

std::vector<double> make_alphas_cumprod(const std::vector<double>& betas) {
  std::vector<double> alphas_cumprod;
  double product = 1.0;
  for (double beta : betas) {
    if (!(beta > 0.0 && beta < 1.0))
      throw Error(ErrorCode::InvalidArgument,
                  "[noise_schedule] beta = " + std::to_string(beta) + "; must lie between 0 and 1");
    alphas_cumprod.push_back(product *= 1.0 - beta);
  }
  return alphas_cumprod;
}

std::vector<double> rescale_zero_terminal_snr(std::vector<double> alphas_cumprod) {
  const double first = std::sqrt(alphas_cumprod.front()), last = std::sqrt(alphas_cumprod.back());
  for (double& value : alphas_cumprod) value = squared((std::sqrt(value) - last) * first / (first - last));
  return alphas_cumprod;
}

NoiseSchedule::NoiseSchedule(std::vector<double> alphas_cumprod) : alphas_cumprod_(std::move(alphas_cumprod)) {
  if (alphas_cumprod_.size() < 2)
    throw Error(ErrorCode::InvalidArgument, "[noise_schedule] a schedule needs at least 2 timesteps");
  for (double value : alphas_cumprod_) {
    sigmas_.push_back(std::sqrt((1.0 - value) / value));
    log_sigmas_.push_back(std::log(sigmas_.back()));
  }
}

// Stable Diffusion's training: 1000 steps, scaled_linear from 0.00085 to 0.012.
NoiseSchedule::NoiseSchedule()
    : NoiseSchedule(make_alphas_cumprod(make_betas({1000, 0.00085, 0.012, BetaSchedule::scaled_linear}))) {}

double NoiseSchedule::sigma_at(double timestep) const {
  const double t = std::clamp(timestep, 0.0, num_train_timesteps() - 1.0);
  const size_t low = static_cast<size_t>(t), high = std::min(low + 1, log_sigmas_.size() - 1);
  const double fraction = t - static_cast<double>(low);
  return fraction == 0.0 ? sigmas_[low] : std::exp(std::lerp(log_sigmas_[low], log_sigmas_[high], fraction));
}

double NoiseSchedule::linear_sigma_at(double timestep) const {
  const double t = std::clamp(timestep, 0.0, num_train_timesteps() - 1.0);
  const size_t low = static_cast<size_t>(t), high = std::min(low + 1, sigmas_.size() - 1);
  const double fraction = t - static_cast<double>(low);
  return fraction == 0.0 ? sigmas_[low] : std::lerp(sigmas_[low], sigmas_[high], fraction);
}

double NoiseSchedule::timestep_at(double sigma) const {
  if (sigma <= sigma_min()) return 0.0;
  if (!(sigma < sigma_max())) return num_train_timesteps() - 1.0;  // NaN too: a search for it would run off the end
  const auto high = std::upper_bound(sigmas_.begin(), sigmas_.end(), sigma);
  const size_t low = static_cast<size_t>(high - sigmas_.begin()) - 1;
  if (std::isinf(log_sigmas_[low + 1])) return static_cast<double>(low);  // zero terminal SNR
  const double fraction = (std::log(sigma) - log_sigmas_[low]) / (log_sigmas_[low + 1] - log_sigmas_[low]);
  return static_cast<double>(low) + fraction;
}

int NoiseSchedule::nearest_timestep(double sigma) const {
  const double t = timestep_at(sigma);
  return static_cast<int>(t) + (t - std::floor(t) > 0.5 ? 1 : 0);  // linear in log sigma, so nearest there
}

NoiseLevel NoiseSchedule::level(int timestep) const {
  const double alpha_cumprod_t = alpha_cumprod(timestep);
  return {std::sqrt(alpha_cumprod_t), std::sqrt(1.0 - alpha_cumprod_t), static_cast<double>(timestep)};
}

NoiseLevel NoiseSchedule::level_at(double alpha, double relative_sigma) const {
  return {alpha, alpha * relative_sigma, timestep_at(relative_sigma)};
}

Tensor add_noise(const Tensor& x0, const Tensor& noise, const NoiseLevel& level) {
  return weighted_sum({{level.alpha, x0}, {level.sigma, noise}});
}

Tensor velocity(const Tensor& x0, const Tensor& noise, const NoiseLevel& level) {
  return weighted_sum({{level.alpha, noise}, {-level.sigma, x0}});
}

}  // namespace easel
