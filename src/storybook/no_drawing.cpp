// Where Easel was built without Cairo: no pictures, and a brush for the painters of kinds that leaves no mark.
#include "easel/error.h"
#include "storybook/arrangement.h"
#include "storybook/brush.h"
#include "storybook/contact_sheet.h"
#include "storybook/drawing.h"

namespace easel::storybook {
namespace {

[[noreturn]] void refuse() {
  throw Error(ErrorCode::Unsupported, "[storybook] built without Cairo; install libcairo2-dev and build again");
}

}  // namespace

Picture draw(const Scene&, int, int) { refuse(); }
Picture draw(const Scene&, int) { refuse(); }
Drawing draw_with_truth(const Scene&, int, int) { refuse(); }
std::vector<float> covered_cells(const Scene&, int, int) { refuse(); }
Picture contact_sheet(const std::vector<CaptionedPicture>&, int) { refuse(); }

void Brush::within(const Frame&, const std::function<void()>&) {}
void Brush::light_from_here() {}
void Brush::ellipse(Point, double, double, const Ink&, double) {}
void Brush::polygon(const std::vector<Point>&, const Ink&) {}
void Brush::blob(const std::vector<Point>&, const Ink&) {}
void Brush::rectangle(Point, Point, const Ink&, double) {}
void Brush::curve(const std::vector<Point>&, double, const Ink&) {}
void Brush::sector(Point, double, double, double, const Ink&) {}
void Brush::glow(Point, double, double, Rgb, double) {}
void Brush::image(const ArgbImage&, Point, Point) {}
void Brush::together(const std::function<void()>&) {}

}  // namespace easel::storybook
