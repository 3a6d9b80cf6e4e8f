// beta_distribution.h — quantiles of the Beta distribution, which the "beta" sigma schedule places its timesteps at.
#pragma once

namespace easel {

// x with I_x(a, b) = p, the inverse of the regularised incomplete beta function, to 1e-12.
// REQUIRES: 0 <= p <= 1; a, b > 0.
double beta_quantile(double p, double a, double b);

}  // namespace easel
