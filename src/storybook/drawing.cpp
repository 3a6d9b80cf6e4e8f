// draw: backdrop, shadows, subjects one by one, then the style.
#include "storybook/drawing.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>

#include "easel/error.h"
#include "storybook/arrangement.h"
#include "storybook/kind_row.h"
#include "storybook/settings/backdrop.h"
#include "storybook/styles/styles.h"
#include "storybook/surface.h"

namespace easel::storybook {
namespace {

constexpr int kMinSide = 16, kMaxSide = 4096;
constexpr uint64_t kBackdropStream = 2, kStyleStream = 3;  // of the scene's seed; 1 is the arrangement's
constexpr double kNearColours = 0.42;  // distance below which a thing gets a rim against its surroundings

Rgb to_rgb(uint32_t argb) {
  return {((argb >> 16) & 255u) / 255.0, ((argb >> 8) & 255u) / 255.0, (argb & 255u) / 255.0};
}

class SceneDrawing {
 public:
  SceneDrawing(const Scene& scene, int width_px, int height_px)
      : scene_(scene),
        width_px_(width_px),
        height_px_(height_px),
        unit_px_(std::min(width_px, height_px)),
        picture_(width_px, height_px),
        thing_(width_px, height_px),
        subjects_(width_px, height_px) {
    const double more_x = (width_px / unit_px_ - 1) / 2, more_y = (height_px / unit_px_ - 1) / 2;
    view_ = {{-more_x, -more_y}, {1 + more_x, 1 + more_y}};
    for (const Surface* surface : {&picture_, &thing_, &subjects_}) {
      cairo_scale(surface->context(), unit_px_, -unit_px_);
      cairo_translate(surface->context(), more_x, -1 - more_y);
    }
  }

  Layers draw() {
    Brush brush(picture_.context(), backdrop_contour(scene_.style, unit_px_));
    Backdrop backdrop{brush, scene_, view_, RandomNumbers(scene_.seed, kBackdropStream)};
    paint_backdrop(backdrop);
    const std::vector<Placement> placements = arrange(scene_);
    for (const Placement& placement : placements)
      if (placement.grounded) draw_shadow(brush, placement);
    for (const Placement& placement : placements) draw_thing(placement);
    if (scene_.setting == Setting::sea) draw_ripples(placements);
    return layers();
  }

 private:
  void draw_shadow(Brush& brush, const Placement& placement) const {
    if (scene_.setting == Setting::sea) return;
    const double half = 0.55 * placement.height * aspect(placement);
    const double strength = scene_.setting == Setting::plain ? 0.3 : 0.5;
    brush.glow({placement.foot.x, placement.foot.y + 0.01}, half * 1.15, 0.045, {0.05, 0.05, 0.15}, strength);
  }

  double aspect(const Placement& placement) const {
    const bool broad = row_of(scene_.subjects[placement.subject].kind).aspect >= 1.3;
    return std::min(1.2, 0.35 + 0.5 * (broad ? 1.6 : 0.9));
  }

  // On a surface of its own first, so that a rim can follow its silhouette.
  void draw_thing(const Placement& placement) {
    const Subject& subject = scene_.subjects[placement.subject];
    const Look look{colour_value(subject.colour), subject.accessory, colour_value(subject.accessory_colour),
                    placement.holding};
    thing_.clear();
    Brush brush(thing_.context(), subject_contour(scene_.style, unit_px_));
    RandomNumbers random(placement.pose);
    brush.within({placement.foot, placement.height, placement.angle, placement.mirrored}, [&] {
      brush.light_from_here();
      row_of(subject.kind).draw(brush, look, random);
    });
    const Rgb around = surroundings(placement);
    if (scene_.setting != Setting::plain && scene_.style != Style::outline &&
        distance(around, look.colour) < kNearColours)
      draw_rim(luma(around) < 0.55 ? Rgb{1, 0.97, 0.88} : Rgb{0.28, 0.22, 0.24});
    thing_.put_onto(picture_);
    thing_.put_onto(subjects_);
  }

  // Mean colour of the picture under a thing and beside it.
  Rgb surroundings(const Placement& placement) const {
    Rgb sum{};
    int count = 0;
    for (double dy = 0.1; dy < 1.1; dy += 0.2)
      for (double dx = -0.6; dx < 0.7; dx += 0.2) {
        const double x = (placement.foot.x + dx * placement.height - view_.low.x) * unit_px_;
        const double y = (view_.high.y - placement.foot.y - dy * placement.height) * unit_px_;
        if (x < 0 || y < 0 || x >= width_px_ || y >= height_px_) continue;
        const Rgb colour = to_rgb(picture_.row(static_cast<int>(y))[static_cast<int>(x)]);
        sum = {sum.r + colour.r, sum.g + colour.g, sum.b + colour.b};
        ++count;
      }
    return count == 0 ? kWhite : Rgb{sum.r / count, sum.g / count, sum.b / count};
  }

  // The thing's silhouette in the rim's colour, moved a little in eight directions.
  void draw_rim(Rgb colour) const {
    const double reach = 0.011 * unit_px_;
    for (const Surface* target : {&picture_, &subjects_}) {
      cairo_t* context = target->context();
      cairo_save(context);
      cairo_identity_matrix(context);
      cairo_set_source_rgba(context, colour.r, colour.g, colour.b, 0.85);
      for (int i = 0; i < 8; ++i)
        cairo_mask_surface(context, thing_.get(), reach * std::cos(i * 0.785398), reach * std::sin(i * 0.785398));
      cairo_restore(context);
    }
  }

  // Water and foam in front of the feet of what is in the sea.
  void draw_ripples(const std::vector<Placement>& placements) const {
    Brush brush(picture_.context(), Contour{.width_px = 0});
    const bool night = scene_.time == TimeOfDay::night;
    for (const Placement& placement : placements) {
      if (!placement.grounded) continue;
      const double half = 0.5 * placement.height * aspect(placement);
      const Point at{placement.foot.x, placement.foot.y};
      brush.ellipse({at.x, at.y}, half * 1.1, 0.028, plain(night ? Rgb{0.08, 0.16, 0.36} : Rgb{0.2, 0.52, 0.78}, 0.9));
      const Rgb foam = night ? Rgb{0.5, 0.62, 0.8} : Rgb{0.93, 0.98, 1.0};
      brush.curve({{at.x - half * 1.15, at.y + 0.012},
                   {at.x - half * 0.5, at.y + 0.028},
                   {at.x, at.y + 0.016},
                   {at.x + half * 0.5, at.y + 0.03},
                   {at.x + half * 1.15, at.y + 0.012}},
                  0.014, plain(foam));
      brush.curve({{at.x - half * 0.8, at.y - 0.018}, {at.x, at.y - 0.026}, {at.x + half * 0.8, at.y - 0.018}}, 0.01,
                  plain(foam, 0.7));
    }
  }

  Layers layers() const {
    Layers layers;
    layers.unit_px = unit_px_;
    layers.picture = {width_px_, height_px_, {}};
    layers.picture.pixels.reserve(static_cast<size_t>(width_px_) * static_cast<size_t>(height_px_));
    layers.coverage.reserve(layers.picture.pixels.capacity());
    for (int y = 0; y < height_px_; ++y) {
      const uint32_t* picture = picture_.row(y);
      const uint32_t* subjects = subjects_.row(y);
      for (int x = 0; x < width_px_; ++x) {
        layers.picture.pixels.push_back(to_rgb(picture[x]));
        layers.coverage.push_back(static_cast<float>(subjects[x] >> 24) / 255.0f);
      }
    }
    return layers;
  }

  const Scene& scene_;
  int width_px_, height_px_;
  double unit_px_;
  View view_;
  Surface picture_;   // what has been drawn so far
  Surface thing_;     // the thing being drawn
  Surface subjects_;  // all things so far, for their coverage
};

uint8_t to_byte(double value) { return static_cast<uint8_t>(std::clamp(value, 0.0, 1.0) * 255 + 0.5); }

Picture to_picture(const Raster& raster) {
  Picture picture{.width_px = raster.width_px, .height_px = raster.height_px, .channels = 3, .pixels = {}};
  picture.pixels.reserve(raster.pixels.size() * 3);
  for (const Rgb& colour : raster.pixels)
    for (const double value : {colour.r, colour.g, colour.b}) picture.pixels.push_back(to_byte(value));
  return picture;
}

void check_size(int width_px, int height_px) {
  if (std::min(width_px, height_px) >= kMinSide && std::max(width_px, height_px) <= kMaxSide) return;
  throw Error(ErrorCode::InvalidArgument, "[storybook] size = " + std::to_string(width_px) + " x " +
                                              std::to_string(height_px) + "; must be " + std::to_string(kMinSide) +
                                              ".." + std::to_string(kMaxSide) + " pixels a side");
}

}  // namespace

Picture draw(const Scene& scene, int width_px, int height_px) {
  check_size(width_px, height_px);
  if (scene.subjects.empty())
    throw Error(ErrorCode::InvalidArgument, "[storybook] the scene has no subjects; must have 1..3");
  const Layers layers = SceneDrawing(scene, width_px, height_px).draw();
  RandomNumbers random(scene.seed, kStyleStream);
  return to_picture(apply_style(scene.style, layers, random));
}

Picture draw(const Scene& scene, int size_px) { return draw(scene, size_px, size_px); }

}  // namespace easel::storybook
