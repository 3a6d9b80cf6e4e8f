// sigma_schedule.h — which noise levels a run visits: timestep spacings, and sigma schedules by name.
//
// Sigmas are relative (sigma / alpha, k-diffusion's), falling. A schedule is independent of the sampler.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diffusion/noise_schedule.h"

namespace easel {

// Lin et al. 2023, arXiv:2305.08891, table 2. leading leaves out the noisiest timesteps, trailing the least noisy.
enum class TimestepSpacing { leading, linspace, trailing };
// Throws InvalidArgument with the list of names.
TimestepSpacing parse_timestep_spacing(std::string_view name);

struct SpacingOptions {
  TimestepSpacing spacing = TimestepSpacing::leading;
  int num_steps = 1;
  int num_timesteps = 1000;  // of the trained process, or fewer where its noisiest are left out
  int num_train_timesteps = 1000;
  int steps_offset = 0;       // added by leading
  bool exclude_last = false;  // space one point more and drop the least noisy: DPM-Solver's family ends there
};
// Falling timesteps. linspace's may be fractional; the others are whole. Throws InvalidArgument where num_steps does
// not fit into num_timesteps.
std::vector<double> spaced_timesteps(const SpacingOptions& options);

// Rounds as numpy does: halves to even.
void round_timesteps(std::vector<double>& timesteps);

// Every num_timesteps / num_steps-th timestep from 1 on, falling: the spacing of the latent-diffusion code. Where
// num_steps does not divide num_timesteps these are more than num_steps.
std::vector<int> uniform_timesteps(int num_steps, int num_timesteps);

struct SigmaScheduleOptions {
  double sigma_min = 0.0;  // 0: the trained process's
  double sigma_max = 0.0;  // 0: the trained process's
  double rho = 0.0;        // 0: the schedule's own default
};
// num_steps + 1 sigmas that fall to a final 0 (ddim_uniform and beta may give another number of steps).
using SigmaFunction = std::vector<double> (*)(int num_steps, const NoiseSchedule& schedule,
                                              const SigmaScheduleOptions& options);

struct SigmaScheduleInfo {
  const char* name;                       // as in JSON and flags
  const char* label;                      // for people, as the webui writes it
  std::vector<std::string_view> aliases;  // names in other programs
  SigmaFunction sigmas;
};

// Every schedule, in the order that help shows them.
std::span<const SigmaScheduleInfo> sigma_schedules();
// By name, label or alias; case, spaces, "-" and "_" do not matter. Throws InvalidArgument with the list of names.
const SigmaScheduleInfo& find_sigma_schedule(std::string_view name);
// The same, null where there is none.
const SigmaScheduleInfo* try_find_sigma_schedule(std::string_view name);

// Throws InvalidArgument where num_steps is not 1..num_train_timesteps or the range of sigmas is empty.
std::vector<double> make_sigmas(const SigmaScheduleInfo& info, int num_steps, const NoiseSchedule& schedule,
                                const SigmaScheduleOptions& options = {});

// The pieces, for plans that need their own range: n values from sigma_max to sigma_min, without a final 0.
// Karras et al. 2022, arXiv:2206.00364, eq. 5.
std::vector<double> karras_sigmas(int n, double sigma_min, double sigma_max, double rho = 7.0);
// Equal steps of log sigma.
std::vector<double> exponential_sigmas(int n, double sigma_min, double sigma_max);

// Variance-preserving SDE of Song et al. 2021, arXiv:2011.13456, eq. 32: n sigmas at equal times from 1 to eps_s, then
// 0.
std::vector<double> vp_sigmas(int n, double beta_d = 19.9, double beta_min = 0.1, double eps_s = 1e-3);

// Folds a name for comparison: lower case, letters and digits only, "+" as "p" (so that "DPM++ 2M" is "dpmpp_2m").
std::string folded_name(std::string_view name);

}  // namespace easel
