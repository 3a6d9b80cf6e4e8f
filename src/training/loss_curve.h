// loss_curve.h — a training's log as a picture.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "easel/picture.h"

namespace easel {

// One value of the log over the steps.
struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;  // (step, value), steps rising
};

// The numbers of a log of JSON lines (training_log.h) by their names, in the order in which they first occur. Lines
// that are no such object are passed over.
std::vector<Curve> read_curves(const std::string& jsonl);

// The mean of the points so far, weighted by decay^age: the plot's thick line. Starts without bias towards 0.
std::vector<std::pair<double, double>> smoothed(const std::vector<std::pair<double, double>>& points, double decay);

// Round numbers between low and high, about `count` of them: 1, 2 or 5 times a power of ten apart.
std::vector<double> axis_ticks(double low, double high, int count);

// One panel per curve, below each other, with axes and ticks: the values as a thin line, smoothed as a thick one.
// Values that span a factor of 20 to 100,000 have a logarithmic axis. Empty where there is nothing to draw, and where
// Easel was built without Cairo.
Picture draw_curves(const std::vector<Curve>& curves);

}  // namespace easel
