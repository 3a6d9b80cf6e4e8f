// draw: backdrop, shadows, subjects one by one, then the style.
#include "storybook/drawing.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include "easel/error.h"
#include "storybook/arrangement.h"
#include "storybook/kind_row.h"
#include "storybook/kinds/draw_sticker.h"
#include "storybook/settings/backdrop.h"
#include "storybook/stickers/look.h"
#include "storybook/stickers/sticker_set.h"
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

// A sticker in the size and colour that the scene wants; keeps what the view refers to.
struct ShownSticker {
  std::shared_ptr<const Sticker> sticker = {};
  std::unique_ptr<const ArgbImage> other_colour = {};
  Rgb colour{};
  std::optional<StickerView> view = {};
};

class SceneDrawing {
 public:
  // truth: filled with what is drawn where; null where nobody asks.
  SceneDrawing(const Scene& scene, int width_px, int height_px, GroundTruth* truth)
      : scene_(scene),
        truth_(truth),
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
    const double half = 0.55 * placement.height * foot_width(placement);
    const double strength = is_bare(scene_.setting) ? 0.3 : 0.5;
    brush.glow({placement.foot.x, placement.foot.y + 0.01}, half * 1.15, 0.045, {0.05, 0.05, 0.15}, strength);
  }

  static double foot_width(const Placement& placement) {
    return std::min(1.2, 0.35 + 0.5 * (placement.aspect >= 1.3 ? 1.6 : 0.9));
  }

  ShownSticker sticker_of(const Subject& subject, const Placement& placement) const {
    const KindRow& row = row_of(subject.kind);
    const std::string look = look_of(*row.picture, scene_.style);
    ShownSticker shown{.sticker = StickerSet::installed().get(row.name, look)};
    const Sticker& sticker = *shown.sticker;
    const StickerBox& box = sticker.box();
    const ArgbImage* image = &sticker.at_least(placement.height * unit_px_ / (box.high - box.low));
    shown.colour = sticker.main_colour();
    const std::vector<Colour>& own = row.picture->colours_in(look, row.natural);
    const bool has_it = std::find(own.begin(), own.end(), subject.colour) != own.end();
    if (row.picture->recolourable && !has_it) {
      shown.colour = colour_value(subject.colour);
      shown.other_colour = std::make_unique<ArgbImage>(recoloured(*image, sticker.main_colour(), shown.colour));
      image = shown.other_colour.get();
    }
    shown.view.emplace(StickerView{.image = *image, .box = box});
    if (!row.picture->heads.empty()) {
      const Head& head = row.picture->head(look);
      shown.view->head = Head{sticker.placed(head.top), head.width * (1 - 2 * sticker.inset())};
    }
    return shown;
  }

  // On a surface of its own first, so that a rim can follow its silhouette.
  void draw_thing(const Placement& placement) {
    const Subject& subject = scene_.subjects[placement.subject];
    const ShownSticker shown = row_of(subject.kind).picture ? sticker_of(subject, placement) : ShownSticker{};
    const Look look{.colour = shown.view ? shown.colour : colour_value(subject.colour),
                    .accessory = subject.accessory,
                    .accessory_colour = colour_value(subject.accessory_colour),
                    .holding = placement.holding,
                    .sticker = shown.view ? &*shown.view : nullptr};
    thing_.clear();
    Brush brush(thing_.context(), subject_contour(scene_.style, unit_px_));
    RandomNumbers random(placement.pose);
    brush.within({placement.foot, placement.height, placement.angle, placement.mirrored}, [&] {
      brush.light_from_here();
      row_of(subject.kind).draw(brush, look, random);
    });
    const Rgb around = surroundings(placement);
    if (!shown.view && scene_.setting != Setting::plain && scene_.style != Style::outline &&
        distance(around, look.colour) < kNearColours)
      draw_rim(luma(around) < 0.55 ? Rgb{1, 0.97, 0.88} : Rgb{0.28, 0.22, 0.24});
    thing_.put_onto(picture_);
    thing_.put_onto(subjects_);
    if (truth_ != nullptr) note_thing(placement);
  }

  void note_thing(const Placement& placement) {
    constexpr uint32_t kVisible = 128;  // alpha
    truth_->nearest.resize(static_cast<size_t>(width_px_) * static_cast<size_t>(height_px_));
    DrawnThing thing{.subject = placement.subject, .left = width_px_, .top = height_px_};
    const auto number = static_cast<uint8_t>(truth_->things.size() + 1);
    for (int y = 0; y < height_px_; ++y) {
      const uint32_t* pixels = thing_.row(y);
      for (int x = 0; x < width_px_; ++x) {
        if (pixels[x] >> 24 < kVisible) continue;
        truth_->nearest[static_cast<size_t>(y) * static_cast<size_t>(width_px_) + static_cast<size_t>(x)] = number;
        thing.left = std::min(thing.left, x), thing.right = std::max(thing.right, x + 1);
        thing.top = std::min(thing.top, y), thing.bottom = std::max(thing.bottom, y + 1);
      }
    }
    thing.left = std::min(thing.left, thing.right), thing.top = std::min(thing.top, thing.bottom);
    truth_->things.push_back(thing);
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
      const double half = 0.5 * placement.height * foot_width(placement);
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
  GroundTruth* truth_;
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

Picture draw_scene(const Scene& scene, int width_px, int height_px, GroundTruth* truth) {
  check_size(width_px, height_px);
  if (scene.subjects.empty())
    throw Error(ErrorCode::InvalidArgument, "[storybook] the scene has no subjects; must have 1..3");
  const Layers layers = SceneDrawing(scene, width_px, height_px, truth).draw();
  RandomNumbers random(scene.seed, kStyleStream);
  return to_picture(apply_style(scene.style, layers, random));
}

}  // namespace

Picture draw(const Scene& scene, int width_px, int height_px) {
  return draw_scene(scene, width_px, height_px, nullptr);
}

Picture draw(const Scene& scene, int size_px) { return draw(scene, size_px, size_px); }

Drawing draw_with_truth(const Scene& scene, int width_px, int height_px) {
  Drawing drawing;
  drawing.picture = draw_scene(scene, width_px, height_px, &drawing.truth);
  return drawing;
}

}  // namespace easel::storybook
