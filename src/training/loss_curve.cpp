#include "training/loss_curve.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

namespace easel {

std::vector<Curve> read_curves(const std::string& jsonl) {
  std::vector<Curve> curves;
  std::istringstream lines(jsonl);
  for (std::string line; std::getline(lines, line);) {
    const auto entry = nlohmann::ordered_json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!entry.is_object() || !entry.contains("step") || !entry["step"].is_number()) continue;
    const double step = entry["step"].get<double>();
    for (const auto& [name, value] : entry.items()) {
      if (name == "step" || !value.is_number()) continue;
      auto curve = std::ranges::find(curves, name, &Curve::name);
      if (curve == curves.end()) curve = curves.insert(curves.end(), Curve{name, {}});
      curve->points.emplace_back(step, value.get<double>());
    }
  }
  return curves;
}

std::vector<std::pair<double, double>> smoothed(const std::vector<std::pair<double, double>>& points, double decay) {
  std::vector<std::pair<double, double>> result;
  double sum = 0, weight = 0;
  for (const auto& [step, value] : points) {
    sum = decay * sum + value;
    weight = decay * weight + 1;
    result.emplace_back(step, sum / weight);
  }
  return result;
}

std::vector<double> axis_ticks(double low, double high, int count) {
  if (!(high > low)) return {low};
  const double rough = (high - low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) {
      step = factor * power;
      break;
    }
  std::vector<double> ticks;
  constexpr double kSlack = 1e-9;  // of a step: so that an end that is a tick is not lost to rounding
  for (double number = std::ceil(low / step - kSlack); number * step <= high + kSlack * step; ++number)
    ticks.push_back(number * step);
  return ticks;
}

}  // namespace easel
