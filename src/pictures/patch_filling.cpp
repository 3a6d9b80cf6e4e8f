#include "pictures/patch_filling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "pictures/hole_filling.h"
#include "pictures/resampling.h"
#include "tensor/cancellation_scope.h"
#include "tensor/parallel.h"
#include "tensor/splitmix64.h"

namespace easel {
namespace {

constexpr int kRadius = 3;            // of a patch: 7 x 7
constexpr int kCoarsestSide = 24;     // pixels
constexpr int kRoundsPerLevel = 5;    // of finding patches and mixing them
constexpr int kSearchesPerRound = 2;  // passes over the field, forth and back
constexpr float kInward = 1.3f;       // by which a patch weighs less for each pixel that it lies inside the hole
constexpr int kDeepest = 100;         // pixels, beyond which it weighs no less
constexpr float kUpAndDown = 5000;    // cost of a patch from a picture's height away: horizons stay where they are
constexpr int kEdge = 1;              // pixels around the hole that patches are not taken from: what is left of an edge

struct Point {
  int x = 0, y = 0;
};

// A picture at one scale: [height, width, 3], and where it is to be made.
struct Canvas {
  int width = 0, height = 0;
  std::vector<float> pixels;
  std::vector<uint8_t> hole;

  size_t index(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x);
  }
  bool contains(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
};

Canvas canvas_of(const Picture& picture, const std::vector<float>& hole) {
  Canvas canvas{.width = picture.width_px, .height = picture.height_px, .pixels = {}, .hole = {}};
  const auto channels = static_cast<size_t>(picture.channels);
  for (size_t i = 0; i < hole.size(); ++i) {
    canvas.hole.push_back(hole[i] > 0 ? 1 : 0);
    for (size_t c = 0; c < 3; ++c) canvas.pixels.push_back(picture.pixels[i * channels + (channels >= 3 ? c : 0)]);
  }
  return canvas;
}

Picture scaled(const Picture& picture, int width, int height) {
  return resampled(picture, width, height, ResamplingFilter::linear);
}

// Where any pixel under a cell is to be made.
std::vector<float> scaled_hole(const std::vector<float>& hole, int from_width, int from_height, int width, int height) {
  std::vector<float> scaled(static_cast<size_t>(width) * static_cast<size_t>(height));
  for (int y = 0; y < from_height; ++y)
    for (int x = 0; x < from_width; ++x)
      if (hole[static_cast<size_t>(y) * static_cast<size_t>(from_width) + static_cast<size_t>(x)] > 0)
        scaled[static_cast<size_t>(y * height / from_height) * static_cast<size_t>(width) +
               static_cast<size_t>(x * width / from_width)] = 1;
  return scaled;
}

// 1 for every pixel within `radius` of one that is 1.
std::vector<uint8_t> grown(const Canvas& canvas, int radius) {
  std::vector<uint8_t> result(canvas.hole.size());
  for (int y = 0; y < canvas.height; ++y)
    for (int x = 0; x < canvas.width; ++x) {
      if (canvas.hole[canvas.index(x, y)] == 0) continue;
      for (int dy = -radius; dy <= radius; ++dy)
        for (int dx = -radius; dx <= radius; ++dx)
          if (canvas.contains(x + dx, y + dy)) result[canvas.index(x + dx, y + dy)] = 1;
    }
  return result;
}

// How many steps it is to what is known, for each pixel; 0 outside the hole.
std::vector<int> depths(const Canvas& canvas) {
  std::vector<int> depth(canvas.hole.size());
  std::vector<Point> front;
  for (int y = 0; y < canvas.height; ++y)
    for (int x = 0; x < canvas.width; ++x)
      if (canvas.hole[canvas.index(x, y)] == 0) front.push_back({x, y});
  for (int steps = 1; !front.empty(); ++steps) {
    std::vector<Point> next;
    for (const Point& at : front)
      for (const Point& step : {Point{1, 0}, Point{-1, 0}, Point{0, 1}, Point{0, -1}}) {
        const Point to{at.x + step.x, at.y + step.y};
        if (!canvas.contains(to.x, to.y)) continue;
        int& known = depth[canvas.index(to.x, to.y)];
        if (canvas.hole[canvas.index(to.x, to.y)] == 0 || known > 0) continue;
        known = steps;
        next.push_back(to);
      }
    front = std::move(next);
  }
  return depth;
}

// One scale of the work: a field that says for each patch touching the hole which one outside is most like it.
class Level {
 public:
  Level(Canvas canvas, uint64_t seed) : canvas_(std::move(canvas)), random_(seed) {
    const std::vector<uint8_t> near_hole = grown(canvas_, kRadius + kEdge), touching = grown(canvas_, kRadius);
    for (int y = 0; y < canvas_.height; ++y)
      for (int x = 0; x < canvas_.width; ++x) {
        const bool whole = x >= kRadius && y >= kRadius && x < canvas_.width - kRadius && y < canvas_.height - kRadius;
        if (whole && near_hole[canvas_.index(x, y)] == 0) sources_.push_back({x, y});
        if (touching[canvas_.index(x, y)] != 0) targets_.push_back({x, y});
      }
    is_source_.assign(near_hole.size(), 0);
    for (const Point& source : sources_) is_source_[canvas_.index(source.x, source.y)] = 1;
    field_.resize(near_hole.size());
    costs_.assign(near_hole.size(), std::numeric_limits<float>::infinity());
    for (const int depth : depths(canvas_))
      confidence_.push_back(std::pow(kInward, -static_cast<float>(std::min(depth, kDeepest))));
  }

  bool has_sources() const { return !sources_.empty(); }

  void begin_at_random() {
    for (const Point& target : targets_) field_[canvas_.index(target.x, target.y)] = any_source();
  }

  // From the field of the level before, which is coarser.
  void begin_from(const Level& coarse) {
    const auto scaled = [](int value, int from, int to) { return value * to / from; };
    for (const Point& target : targets_) {
      const Point below{scaled(target.x, canvas_.width, coarse.canvas_.width),
                        scaled(target.y, canvas_.height, coarse.canvas_.height)};
      const Point match = coarse.field_[coarse.canvas_.index(below.x, below.y)];
      const Point moved{scaled(match.x, coarse.canvas_.width, canvas_.width) + target.x -
                            scaled(below.x, coarse.canvas_.width, canvas_.width),
                        scaled(match.y, coarse.canvas_.height, canvas_.height) + target.y -
                            scaled(below.y, coarse.canvas_.height, canvas_.height)};
      field_[canvas_.index(target.x, target.y)] = allowed(moved) ? moved : any_source();
    }
    mix();
  }

  void improve() {
    for (int round = 0; round < kRoundsPerLevel; ++round) {
      throw_if_cancelled();
      for (const Point& target : targets_)
        costs_[canvas_.index(target.x, target.y)] = cost(target, field_[canvas_.index(target.x, target.y)]);
      for (int pass = 0; pass < kSearchesPerRound; ++pass) search(pass % 2 == 0 ? 1 : -1);
      mix();
    }
  }

  const Canvas& canvas() const { return canvas_; }

 private:
  Point any_source() { return sources_[static_cast<size_t>(next() % sources_.size())]; }
  uint64_t next() { return splitmix64(random_ += kGoldenGamma); }
  bool allowed(const Point& at) const {
    return canvas_.contains(at.x, at.y) && is_source_[canvas_.index(at.x, at.y)] != 0;
  }

  // Mean squared difference of the patches around both, as far as the target's lies in the picture. Ends early where it
  // cannot be below `least`.
  float cost(const Point& target, const Point& source, float least = std::numeric_limits<float>::infinity()) const {
    float sum = 0;
    int count = 0;
    const float limit = least * (2 * kRadius + 1) * (2 * kRadius + 1);
    for (int dy = -kRadius; dy <= kRadius; ++dy) {
      for (int dx = -kRadius; dx <= kRadius; ++dx) {
        if (!canvas_.contains(target.x + dx, target.y + dy)) continue;
        const float* a = &canvas_.pixels[3 * canvas_.index(target.x + dx, target.y + dy)];
        const float* b = &canvas_.pixels[3 * canvas_.index(source.x + dx, source.y + dy)];
        for (int c = 0; c < 3; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
        ++count;
      }
      if (sum > limit) break;
    }
    const float away = static_cast<float>(source.y - target.y) / static_cast<float>(canvas_.height);
    return sum / static_cast<float>(std::max(count, 1)) + kUpAndDown * away * away;
  }

  void consider(const Point& target, const Point& source) {
    if (!allowed(source)) return;
    const size_t at = canvas_.index(target.x, target.y);
    const float found = cost(target, source, costs_[at]);
    if (found >= costs_[at]) return;
    costs_[at] = found;
    field_[at] = source;
  }

  // Neighbours' matches, moved along; one of the same height; then random ones at halving distances. direction: 1 from
  // the upper left on, -1 from the lower right.
  void search(int direction) {
    for (size_t i = 0; i < targets_.size(); ++i) {
      const Point target = targets_[direction > 0 ? i : targets_.size() - 1 - i];
      for (const Point& step : {Point{direction, 0}, Point{0, direction}}) {
        const Point neighbour{target.x - step.x, target.y - step.y};
        if (!canvas_.contains(neighbour.x, neighbour.y)) continue;
        const size_t at = canvas_.index(neighbour.x, neighbour.y);
        if (std::isinf(costs_[at])) continue;
        consider(target, {field_[at].x + step.x, field_[at].y + step.y});
      }
      consider(target, {static_cast<int>(next() % static_cast<uint64_t>(canvas_.width)), target.y});
      for (int reach = std::max(canvas_.width, canvas_.height); reach >= 1; reach /= 2) {
        const Point around = field_[canvas_.index(target.x, target.y)];
        const auto within = [&] { return static_cast<int>(next() % static_cast<uint64_t>(2 * reach + 1)) - reach; };
        const int across = within(), down = within();
        consider(target, {around.x + across, around.y + down});
      }
    }
  }

  // Each pixel of the hole: the mean of what the patches over it say, the better ones weighing more.
  void mix() {
    const float scale = std::max(1.0f, typical_cost());
    std::vector<float> made = canvas_.pixels;
    parallel_for(canvas_.height, [&](int64_t row, int) {
      for (int y = static_cast<int>(row), x = 0; x < canvas_.width; ++x)
        if (canvas_.hole[canvas_.index(x, y)] != 0) mix_pixel(x, y, scale, &made[3 * canvas_.index(x, y)]);
    });
    canvas_.pixels = std::move(made);
  }

  void mix_pixel(int x, int y, float scale, float* pixel) const {
    float sum[3] = {0, 0, 0}, weights = 0;
    for (int dy = -kRadius; dy <= kRadius; ++dy)
      for (int dx = -kRadius; dx <= kRadius; ++dx) {
        if (!canvas_.contains(x + dx, y + dy)) continue;
        const size_t at = canvas_.index(x + dx, y + dy);
        const float likeness = std::isinf(costs_[at]) ? 1.0f : std::exp(-costs_[at] / scale) + 1e-6f,
                    weight = likeness * confidence_[at];
        const float* said = &canvas_.pixels[3 * canvas_.index(field_[at].x - dx, field_[at].y - dy)];
        for (int c = 0; c < 3; ++c) sum[c] += weight * said[c];
        weights += weight;
      }
    for (int c = 0; c < 3; ++c) pixel[c] = sum[c] / weights;
  }

  // The lower quartile, so that the best patches decide.
  float typical_cost() const {
    std::vector<float> costs;
    for (const Point& target : targets_) costs.push_back(costs_[canvas_.index(target.x, target.y)]);
    const auto quartile = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 4);
    std::nth_element(costs.begin(), quartile, costs.end());
    return std::isinf(*quartile) ? 1.0f : *quartile;
  }

  Canvas canvas_;
  uint64_t random_;
  std::vector<Point> sources_, targets_;
  std::vector<uint8_t> is_source_;
  std::vector<Point> field_;  // of each pixel; of targets only
  std::vector<float> costs_;  // infinite where unknown
  std::vector<float> confidence_;
};

// Sides from the coarsest scale to the picture's own, each about 1.5 times the one before.
std::vector<double> scales_of(const Picture& picture) {
  std::vector<double> scales{1};
  while (scales.back() / 1.5 * std::min(picture.width_px, picture.height_px) >= kCoarsestSide)
    scales.push_back(scales.back() / 1.5);
  std::ranges::reverse(scales);
  return scales;
}

Picture pixels_into(Picture picture, const Canvas& canvas) {
  const auto channels = static_cast<size_t>(picture.channels);
  for (size_t i = 0; i < canvas.hole.size(); ++i)
    for (size_t c = 0; canvas.hole[i] != 0 && c < std::min<size_t>(channels, 3); ++c)
      picture.pixels[i * channels + c] =
          static_cast<uint8_t>(std::clamp(canvas.pixels[3 * i + c], 0.0f, 255.0f) + 0.5f);
  return picture;
}

}  // namespace

Picture with_patches_filled(const Picture& picture, const std::vector<float>& hole, uint64_t seed) {
  if (std::ranges::none_of(hole, [](float value) { return value > 0; })) return picture;
  std::vector<float> whole = hole;  // of what is a hole in part, nothing is taken over
  for (float& value : whole) value = value > 0 ? 1.0f : 0.0f;
  const Picture smooth = with_holes_filled(picture, whole);
  std::optional<Level> finest;
  for (const double scale : scales_of(picture)) {
    const int width = std::max(1, static_cast<int>(std::lround(picture.width_px * scale))),
              height = std::max(1, static_cast<int>(std::lround(picture.height_px * scale)));
    Level level(canvas_of(scaled(smooth, width, height),
                          scaled_hole(whole, picture.width_px, picture.height_px, width, height)),
                seed);
    if (!level.has_sources()) continue;  // so small that the hole's surroundings are none
    if (finest)
      level.begin_from(*finest);
    else
      level.begin_at_random();
    level.improve();
    finest = std::move(level);
  }
  return finest ? pixels_into(picture, finest->canvas()) : smooth;
}

}  // namespace easel
