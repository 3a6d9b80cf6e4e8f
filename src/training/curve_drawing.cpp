// draw_curves of loss_curve.h, with Cairo.
#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "files/message_text.h"
#include "training/loss_curve.h"

namespace easel {
namespace {

constexpr int kWidth = 900, kPanelHeight = 220;                     // px
constexpr double kLeft = 80, kRight = 20, kTop = 30, kBottom = 30;  // margins of a panel, px
constexpr double kSmoothing = 0.9;                                  // decay per logged line
// Values that span a factor between these are drawn logarithmically; a larger one comes from an end at about 0.
constexpr double kLogarithmicSpan = 20, kLargestSpan = 1e5;
constexpr int kXTicks = 8, kYTicks = 5;

using Points = std::vector<std::pair<double, double>>;

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextDeleter {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};

// A range of values along an axis of the picture.
struct Axis {
  double low, high;   // values
  double begin, end;  // px
  bool logarithmic = false;

  double scaled(double value) const { return logarithmic ? std::log10(value) : value; }
  double position(double value) const {
    return begin + (scaled(value) - scaled(low)) / (scaled(high) - scaled(low)) * (end - begin);
  }
  std::vector<double> ticks(int count) const {
    if (!logarithmic) return axis_ticks(low, high, count);
    std::vector<double> values;
    for (double power = std::ceil(std::log10(low)); power <= std::log10(high); ++power)
      values.push_back(std::pow(10.0, power));
    return values;
  }
};

Axis value_axis(const Points& points, double begin, double end) {
  const auto [least, most] = std::ranges::minmax_element(points, {}, &std::pair<double, double>::second);
  Axis axis{least->second, most->second, begin, end};
  const double span = axis.low > 0 ? axis.high / axis.low : 0;
  axis.logarithmic = span > kLogarithmicSpan && span < kLargestSpan;
  if (axis.high == axis.low) {  // a constant still needs a range
    const double margin = axis.low == 0 ? 1 : std::abs(axis.low) / 10;
    axis.low -= margin;
    axis.high += margin;
  }
  return axis;
}

class Panel {
 public:
  Panel(cairo_t* context, const Curve& curve, double top) : cairo_(context), curve_(curve), top_(top) {
    for (const auto& point : curve.points)
      if (std::isfinite(point.second)) points_.push_back(point);
  }

  void draw() const {
    text(kLeft, top_ + kTop - 10, curve_.name, 0);
    if (points_.empty()) return;
    const double last = std::max(points_.back().first, points_.front().first + 1);
    const Axis x{points_.front().first, last, kLeft, kWidth - kRight};
    const Axis y = value_axis(points_, top_ + kPanelHeight - kBottom, top_ + kTop);
    grid(x, y);
    cairo_set_source_rgb(cairo_, 0.72, 0.82, 0.95);
    line(points_, x, y, 1.0);
    cairo_set_source_rgb(cairo_, 0.12, 0.35, 0.75);
    line(smoothed(points_, kSmoothing), x, y, 2.2);
  }

 private:
  // anchor: share of the text's width that lies left of x.
  void text(double x, double y, const std::string& words, double anchor) const {
    cairo_text_extents_t extents;
    cairo_text_extents(cairo_, words.c_str(), &extents);
    cairo_set_source_rgb(cairo_, 0.2, 0.2, 0.25);
    cairo_move_to(cairo_, x - anchor * extents.x_advance, y);
    cairo_show_text(cairo_, words.c_str());
  }

  void segment(double x0, double y0, double x1, double y1) const {
    cairo_move_to(cairo_, x0, y0);
    cairo_line_to(cairo_, x1, y1);
    cairo_stroke(cairo_);
  }

  void grid(const Axis& x, const Axis& y) const {
    cairo_set_line_width(cairo_, 1);
    for (const double tick : x.ticks(kXTicks)) {
      cairo_set_source_rgb(cairo_, 0.9, 0.9, 0.9);
      segment(x.position(tick), y.begin, x.position(tick), y.end);
      text(x.position(tick), y.begin + 16, format_number(static_cast<float>(tick)), 0.5);
    }
    for (const double tick : y.ticks(kYTicks)) {
      cairo_set_source_rgb(cairo_, 0.9, 0.9, 0.9);
      segment(x.begin, y.position(tick), x.end, y.position(tick));
      text(x.begin - 6, y.position(tick) + 4, format_number(static_cast<float>(tick)), 1);
    }
    cairo_set_source_rgb(cairo_, 0.4, 0.4, 0.45);
    segment(x.begin, y.begin, x.end, y.begin);
    segment(x.begin, y.begin, x.begin, y.end);
  }

  void line(const Points& points, const Axis& x, const Axis& y, double width) const {
    cairo_set_line_width(cairo_, width);
    for (const auto& [step, value] : points) cairo_line_to(cairo_, x.position(step), y.position(value));
    if (points.size() == 1) cairo_rel_line_to(cairo_, 1, 0);
    cairo_stroke(cairo_);
  }

  cairo_t* cairo_;
  const Curve& curve_;
  double top_;
  Points points_;  // the finite ones
};

}  // namespace

Picture draw_curves(const std::vector<Curve>& curves) {
  if (curves.empty()) return {};
  const int height = kPanelHeight * static_cast<int>(curves.size());
  const std::unique_ptr<cairo_surface_t, SurfaceDeleter> surface(
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, kWidth, height));
  const std::unique_ptr<cairo_t, ContextDeleter> context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  cairo_select_font_face(context.get(), "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context.get(), 12);
  cairo_set_line_join(context.get(), CAIRO_LINE_JOIN_ROUND);
  for (size_t i = 0; i < curves.size(); ++i)
    Panel(context.get(), curves[i], static_cast<double>(kPanelHeight) * static_cast<double>(i)).draw();

  cairo_surface_flush(surface.get());
  Picture picture{kWidth, height, 3, {}};
  for (int row = 0; row < height; ++row) {
    const unsigned char* data =
        cairo_image_surface_get_data(surface.get()) + row * cairo_image_surface_get_stride(surface.get());
    for (int x = 0; x < kWidth; ++x, data += 4)  // little-endian xRGB
      picture.pixels.insert(picture.pixels.end(), {data[2], data[1], data[0]});
  }
  return picture;
}

}  // namespace easel
