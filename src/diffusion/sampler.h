// sampler.h — what solver loops share: the planned steps, options, noise, and the report after each step.
//
// A sampler is a function that owns its loop (samplers/*.cpp). It walks from one noise level to the next and asks the
// denoiser on the way; everything it may need is in SamplerRun. Tensors are f32 of any shape on any one device, scalars
// f64.
#pragma once

#include <functional>
#include <vector>

#include "diffusion/denoiser.h"
#include "diffusion/noise_level.h"
#include "diffusion/noise_schedule.h"
#include "diffusion/noise_source.h"

namespace easel {

// One step: the network is asked at `at`, the sample moves from `from` to `to`. Usually at = from, and `to` is the next
// step's `from`. They differ where diffusers' stride num_train_timesteps / n is not the spacing of its timesteps, and
// in PNDM, whose first step asks the network twice.
struct SamplerStep {
  NoiseLevel at, from, to;
};

enum class SolverType { midpoint, heun, bh1, bh2 };
enum class SolvedFor { denoised, eps };  // data prediction (DPM-Solver++) or noise prediction (DPM-Solver)
enum class DdpmVariance { fixed_small, fixed_large };
// Whether a draw that a step does not use is taken from the stream all the same. References that draw always would
// otherwise give other noise to the steps that follow.
enum class UnusedNoise { skip, draw };
// Churn raises the level before the network is asked (Karras et al.) or after (diffusers' EulerDiscreteScheduler).
enum class ChurnOrder { before_network, after_network };

// Options of all samplers; each reads those its comment names.
struct SamplerOptions {
  int order = 2;                                      // of multistep and singlestep methods
  double eta = 0.0;                                   // stochasticity: 0 solves the ODE, 1 the reverse SDE
  double s_noise = 1.0;                               // scale of added noise; Karras et al. 2022, Algorithm 2
  double s_churn = 0.0, s_tmin = 0.0, s_tmax = 1e30;  // churn, within that range of sigma / alpha
  ChurnOrder churn_order = ChurnOrder::before_network;
  UnusedNoise unused_noise = UnusedNoise::skip;
  SolverType solver_type = SolverType::midpoint;
  SolvedFor solved_for = SolvedFor::denoised;
  bool lower_order_final = false;           // DPM-Solver, DEIS, UniPC: fall back to orders 2, 1 at the end …
  int lower_order_final_below_steps = 15;   // … of runs shorter than this
  bool euler_at_final = false;              // DPM-Solver: last step of order 1 whatever the number of steps
  std::vector<int> disable_corrector = {};  // UniPC: steps after which the corrector is left out
  DdpmVariance variance = DdpmVariance::fixed_small;
  int runge_kutta_calls = 0;          // PNDM: leading steps that belong to Runge-Kutta start-up
  double timestep_scaling = 0.0;      // LCM: boundary condition's scale; 0 leaves it out
  double rtol = 0.05, atol = 0.0078;  // dpm_adaptive: error allowed per step
  double h_init = 0.05;               // dpm_adaptive: first step in lambda
};

// Called after each step. `x` may be replaced: inpainting blends the known part in. Throwing ends the run.
struct StepInfo {
  int index;              // 0-based, from the plan's begin on
  int num_steps;          // of the whole plan
  int total_model_calls;  // so far
  NoiseLevel at;          // where the network was asked
  NoiseLevel level;       // where x stands now
  Tensor& x;
  const Tensor& denoised;
};
using StepCallback = std::function<void(StepInfo&)>;

class SamplerRun {
 public:
  struct Setup {
    const std::vector<SamplerStep>& steps;
    int begin;  // first step to take
    const SamplerOptions& options;
    const NoiseSchedule& schedule;
    const StepCallback& callback;  // may be empty
  };
  SamplerRun(const Setup& setup, Denoiser& denoiser, NoiseSource& noise)
      : setup_(setup), denoiser_(denoiser), noise_(noise) {}

  int begin() const { return setup_.begin; }
  int num_steps() const { return static_cast<int>(setup_.steps.size()); }
  const SamplerStep& step(int i) const { return setup_.steps[static_cast<size_t>(i)]; }
  const SamplerOptions& options() const { return setup_.options; }

  Denoiser& denoiser() { return denoiser_; }
  Prediction predict(const Tensor& x, const NoiseLevel& level) { return denoiser_.predict(x, level); }
  // A level between the planned ones, with its timestep.
  NoiseLevel level_at(double alpha, double relative_sigma) const {
    return setup_.schedule.level_at(alpha, relative_sigma);
  }

  // sigma / alpha of the trained process at a timestep.
  double sigma_at(double timestep) const { return setup_.schedule.sigma_at(timestep); }

  // x + scale * s_noise * z. Draws z where scale > 0, or where unused draws are to be taken.
  Tensor add_noise(const Tensor& x, double scale);
  // Takes a draw from the stream and drops it, where unused draws are to be taken.
  void skip_noise(const Tensor& like);

  // Reports the step. Throws Unsupported naming the step where x is no longer finite.
  void finish_step(int i, Tensor& x, const Tensor& denoised) { finish_step(i, step(i), x, denoised); }
  void finish_step(int i, const SamplerStep& taken, Tensor& x, const Tensor& denoised);

 private:
  Setup setup_;
  Denoiser& denoiser_;
  NoiseSource& noise_;
};

// A solver: x at step(begin).from -> x at the last step's `to`.
using Sampler = Tensor (*)(SamplerRun& run, Tensor x);

}  // namespace easel
