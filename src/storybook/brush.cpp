#include "storybook/brush.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "storybook/stickers/sticker.h"

namespace easel::storybook {
namespace {

constexpr double kTopLight = 0.13;   // share of white at the top of a shaded thing
constexpr double kFootShade = 0.13;  // share of black at its foot
constexpr double kContourShade = 0.42;

void to_array(const cairo_matrix_t& matrix, double* out) {
  const double values[] = {matrix.xx, matrix.yx, matrix.xy, matrix.yy, matrix.x0, matrix.y0};
  std::copy(std::begin(values), std::end(values), out);
}

}  // namespace

Brush::Brush(cairo_t* context, const Contour& contour) : context_(context), contour_(contour) {
  cairo_set_line_join(context_, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(context_, CAIRO_LINE_CAP_ROUND);
  light_from_here();
}

void Brush::light_from_here() {
  cairo_matrix_t matrix;
  cairo_get_matrix(context_, &matrix);
  to_array(matrix, light_matrix_);
}

void Brush::within(const Frame& frame, const std::function<void()>& body) {
  cairo_save(context_);
  cairo_translate(context_, frame.origin.x, frame.origin.y);
  cairo_rotate(context_, frame.angle);
  cairo_scale(context_, frame.mirrored ? -frame.scale : frame.scale, frame.scale);
  body();
  cairo_restore(context_);
}

void Brush::together(const std::function<void()>& body) {
  if (pass_ != Pass::both) return body();
  pass_ = Pass::contour;
  body();
  pass_ = Pass::fill;
  body();
  pass_ = Pass::both;
}

void Brush::set_source(const Ink& ink) {
  if (ink.finish == Finish::plain || !contour_.shading) {
    cairo_set_source_rgba(context_, ink.colour.r, ink.colour.g, ink.colour.b, ink.alpha);
    return;
  }
  const Rgb light = lighten(ink.colour, kTopLight);
  const Rgb shade = darken(ink.colour, kFootShade);
  cairo_pattern_t* pattern = cairo_pattern_create_linear(-0.2, 1, 0.2, 0);
  cairo_pattern_add_color_stop_rgba(pattern, 0, light.r, light.g, light.b, ink.alpha);
  cairo_pattern_add_color_stop_rgba(pattern, 0.4, ink.colour.r, ink.colour.g, ink.colour.b, ink.alpha);
  cairo_pattern_add_color_stop_rgba(pattern, 1, shade.r, shade.g, shade.b, ink.alpha);
  cairo_matrix_t here, lit;
  cairo_get_matrix(context_, &here);
  cairo_matrix_init(&lit, light_matrix_[0], light_matrix_[1], light_matrix_[2], light_matrix_[3], light_matrix_[4],
                    light_matrix_[5]);
  cairo_set_matrix(context_, &lit);  // a pattern keeps the frame in which it became the source
  cairo_set_source(context_, pattern);
  cairo_set_matrix(context_, &here);
  cairo_pattern_destroy(pattern);
}

void Brush::set_contour_source(const Ink& ink) {
  const Rgb line = contour_.inked ? kInk : mix(ink.colour, kInk, kContourShade);
  cairo_set_source_rgba(context_, line.r, line.g, line.b, ink.alpha);
}

// Fills and contours the current path, as far as the pass wants it.
void Brush::paint(const Ink& ink) {
  const bool contoured = ink.finish == Finish::shaded && contour_.width_px > 0;
  if (pass_ != Pass::contour) {
    set_source(ink);
    cairo_fill_preserve(context_);
  }
  if (contoured && pass_ != Pass::fill) {
    set_contour_source(ink);
    cairo_save(context_);
    cairo_identity_matrix(context_);
    // what is drawn together hides the inner half of its contour
    cairo_set_line_width(context_, contour_.width_px * (pass_ == Pass::contour ? 2 : 1));
    cairo_stroke_preserve(context_);
    cairo_restore(context_);
  }
  cairo_new_path(context_);
}

void Brush::ellipse(Point centre, double rx, double ry, const Ink& ink, double angle) {
  cairo_save(context_);
  cairo_translate(context_, centre.x, centre.y);
  cairo_rotate(context_, angle);
  cairo_scale(context_, rx, ry);
  cairo_new_path(context_);
  cairo_arc(context_, 0, 0, 1, 0, 2 * std::numbers::pi);
  cairo_close_path(context_);
  cairo_restore(context_);
  paint(ink);
}

void Brush::polygon(const std::vector<Point>& points, const Ink& ink) {
  cairo_new_path(context_);
  for (const Point& point : points) cairo_line_to(context_, point.x, point.y);
  cairo_close_path(context_);
  paint(ink);
}

// Catmull-Rom as cubic Béziers: the tangent at a point is half the way between its neighbours.
void Brush::smooth_path(const std::vector<Point>& points, bool closed) {
  const int count = static_cast<int>(points.size());
  const auto at = [&](int i) {
    return points[static_cast<size_t>(closed ? (i + count) % count : std::clamp(i, 0, count - 1))];
  };
  cairo_new_path(context_);
  cairo_move_to(context_, points[0].x, points[0].y);
  for (int i = 0; i < (closed ? count : count - 1); ++i) {
    const Point before = at(i - 1), from = at(i), to = at(i + 1), after = at(i + 2);
    cairo_curve_to(context_, from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6,
                   to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6, to.x, to.y);
  }
  if (closed) cairo_close_path(context_);
}

void Brush::blob(const std::vector<Point>& points, const Ink& ink) {
  smooth_path(points, true);
  paint(ink);
}

void Brush::rectangle(Point low, Point high, const Ink& ink, double corner_radius) {
  constexpr double kQuarter = std::numbers::pi / 2;
  const double r = corner_radius;
  cairo_new_path(context_);
  if (r <= 0) {
    cairo_rectangle(context_, low.x, low.y, high.x - low.x, high.y - low.y);
  } else {
    cairo_arc(context_, high.x - r, low.y + r, r, -kQuarter, 0);
    cairo_arc(context_, high.x - r, high.y - r, r, 0, kQuarter);
    cairo_arc(context_, low.x + r, high.y - r, r, kQuarter, 2 * kQuarter);
    cairo_arc(context_, low.x + r, low.y + r, r, 2 * kQuarter, 3 * kQuarter);
    cairo_close_path(context_);
  }
  paint(ink);
}

void Brush::curve(const std::vector<Point>& points, double width, const Ink& ink) {
  smooth_path(points, false);
  if (ink.finish == Finish::shaded && pass_ != Pass::fill && contour_.width_px > 0) {
    double dx = contour_.width_px, dy = 0;
    cairo_device_to_user_distance(context_, &dx, &dy);
    set_contour_source(ink);
    cairo_set_line_width(context_, width + 2 * std::hypot(dx, dy) * (pass_ == Pass::contour ? 1 : 0.5));
    cairo_stroke_preserve(context_);
  }
  if (pass_ != Pass::contour) {
    set_source(ink);
    cairo_set_line_width(context_, width);
    cairo_stroke_preserve(context_);
  }
  cairo_new_path(context_);
}

void Brush::sector(Point centre, double radius, double from, double to, const Ink& ink) {
  cairo_new_path(context_);
  cairo_arc(context_, centre.x, centre.y, radius, from, to);
  cairo_close_path(context_);
  paint(ink);
}

void Brush::gradient(Point low, Point high, Rgb bottom, Rgb top) {
  cairo_pattern_t* pattern = cairo_pattern_create_linear(0, low.y, 0, high.y);
  cairo_pattern_add_color_stop_rgb(pattern, 0, bottom.r, bottom.g, bottom.b);
  cairo_pattern_add_color_stop_rgb(pattern, 1, top.r, top.g, top.b);
  cairo_set_source(context_, pattern);
  cairo_pattern_destroy(pattern);
  cairo_rectangle(context_, low.x, low.y, high.x - low.x, high.y - low.y);
  cairo_fill(context_);
}

void Brush::glow(Point centre, double rx, double ry, Rgb colour, double alpha) {
  cairo_save(context_);
  cairo_translate(context_, centre.x, centre.y);
  cairo_scale(context_, rx, ry);
  cairo_pattern_t* pattern = cairo_pattern_create_radial(0, 0, 0, 0, 0, 1);
  cairo_pattern_add_color_stop_rgba(pattern, 0, colour.r, colour.g, colour.b, alpha);
  cairo_pattern_add_color_stop_rgba(pattern, 0.5, colour.r, colour.g, colour.b, alpha * 0.5);
  cairo_pattern_add_color_stop_rgba(pattern, 1, colour.r, colour.g, colour.b, 0);
  cairo_set_source(context_, pattern);
  cairo_pattern_destroy(pattern);
  cairo_arc(context_, 0, 0, 1, 0, 2 * std::numbers::pi);
  cairo_fill(context_);
  cairo_restore(context_);
}

void Brush::image(const ArgbImage& image, Point low, Point high) {
  // a surface of its own: Cairo counts the uses of a surface without a lock
  auto* const bytes = reinterpret_cast<unsigned char*>(const_cast<uint32_t*>(image.pixels.data()));
  cairo_surface_t* surface =
      cairo_image_surface_create_for_data(bytes, CAIRO_FORMAT_ARGB32, image.side_px, image.side_px, image.side_px * 4);
  cairo_save(context_);
  cairo_translate(context_, low.x, high.y);
  cairo_scale(context_, (high.x - low.x) / image.side_px, -(high.y - low.y) / image.side_px);
  cairo_set_source_surface(context_, surface, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(context_), CAIRO_FILTER_GOOD);
  cairo_paint(context_);
  cairo_restore(context_);
  cairo_surface_destroy(surface);
}

}  // namespace easel::storybook
