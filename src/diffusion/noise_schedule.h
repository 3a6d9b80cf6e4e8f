// noise_schedule.h — the discrete diffusion process that a network was trained on.
//
// Betas follow Ho et al. 2020, arXiv:2006.11239; squaredcos_cap_v2 is Nichol & Dhariwal 2021, arXiv:2102.09672, eq. 17;
// scaled_linear is linear in sqrt(beta), as Stable Diffusion was trained. Tables are f64 (references hold f32: their
// alphas_cumprod differ from these by up to 2e-5 relative).
#pragma once

#include <string_view>
#include <vector>

#include "diffusion/noise_level.h"
#include "tensor/tensor.h"

namespace easel {

enum class BetaSchedule { linear, scaled_linear, squaredcos_cap_v2 };
// Throws InvalidArgument with the list of names.
BetaSchedule parse_beta_schedule(std::string_view name);

struct BetaOptions {
  int num_train_timesteps = 1000;
  double beta_start = 0.0001;
  double beta_end = 0.02;
  BetaSchedule beta_schedule = BetaSchedule::linear;
};
std::vector<double> make_betas(const BetaOptions& options);
// Cumulative product of 1 - beta.
std::vector<double> make_alphas_cumprod(const std::vector<double>& betas);
// Shifts and scales sqrt(alphas_cumprod) so that the last is exactly 0 and the first is kept.
// Lin et al. 2023, arXiv:2305.08891, Algorithm 1.
std::vector<double> rescale_zero_terminal_snr(std::vector<double> alphas_cumprod);

// The table of a trained process. Immutable; safe to use from several threads.
class NoiseSchedule {
 public:
  // REQUIRES: at least two values, falling. The default is Stable Diffusion's.
  explicit NoiseSchedule(std::vector<double> alphas_cumprod);
  NoiseSchedule();

  int num_train_timesteps() const { return static_cast<int>(alphas_cumprod_.size()); }
  double alpha_cumprod(int timestep) const { return alphas_cumprod_[static_cast<size_t>(timestep)]; }
  // sigma / alpha at a table entry, and at its ends.
  double sigma(int timestep) const { return sigmas_[static_cast<size_t>(timestep)]; }
  double sigma_min() const { return sigmas_.front(); }
  double sigma_max() const { return sigmas_.back(); }

  // Between the entries: log-linear, as k-diffusion's DiscreteSchedule; linear, as diffusers' Euler schedulers.
  double sigma_at(double timestep) const;
  double linear_sigma_at(double timestep) const;
  // Inverse of sigma_at, clamped to the table; and the nearest entry.
  double timestep_at(double sigma) const;
  int nearest_timestep(double sigma) const;

  // The level of a table entry with alpha^2 + sigma^2 = 1.
  NoiseLevel level(int timestep) const;
  // A level of the given alpha and sigma / alpha, with the timestep looked up.
  NoiseLevel level_at(double alpha, double relative_sigma) const;

 private:
  std::vector<double> alphas_cumprod_;
  std::vector<double> sigmas_;
  std::vector<double> log_sigmas_;
};

// alpha * x0 + sigma * noise. Equal shapes.
Tensor add_noise(const Tensor& x0, const Tensor& noise, const NoiseLevel& level);
// alpha * noise - sigma * x0: the target of a v-predicting network. Salimans & Ho 2022, arXiv:2202.00512, appendix D.
Tensor velocity(const Tensor& x0, const Tensor& noise, const NoiseLevel& level);

}  // namespace easel
