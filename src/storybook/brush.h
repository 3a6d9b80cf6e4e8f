// brush.h — the drawing vocabulary: a few shapes, filled and contoured as the style wants them, over Cairo.
//
// Coordinates are those of the frame that is set: y points up, lengths are relative to what is drawn.
#pragma once

#include <functional>
#include <vector>

#include "storybook/palette.h"

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;

namespace easel::storybook {

struct ArgbImage;  // stickers/sticker.h

struct Point {
  double x = 0, y = 0;
};

// shaded: lit from above, with a contour; plain: for details, neither.
enum class Finish { shaded, plain };

struct Ink {
  Ink(Rgb value) : colour(value) {}  // a colour alone is a shaded one
  Ink(Rgb value, Finish wanted, double opacity = 1) : colour(value), finish(wanted), alpha(opacity) {}
  Rgb colour;
  Finish finish = Finish::shaded;
  double alpha = 1;
};
inline Ink plain(Rgb colour, double alpha = 1) { return {colour, Finish::plain, alpha}; }

// How a style draws contours.
struct Contour {
  double width_px = 1;
  bool inked = false;  // one dark ink; else a darker shade of what is filled
  bool shading = true;
};

// Not thread safe. Does not own the context.
class Brush {
 public:
  Brush(cairo_t* context, const Contour& contour);

  // Draws inside a frame: its origin, the length of its unit, turned anticlockwise by `angle` radians, mirrored.
  struct Frame {
    Point origin;
    double scale = 1;
    double angle = 0;
    bool mirrored = false;
  };
  void within(const Frame& frame, const std::function<void()>& body);
  // Light falls from the top (y = 1) to the foot (y = 0) of the frame that is set now.
  void light_from_here();

  void ellipse(Point centre, double rx, double ry, const Ink& ink, double angle = 0);
  void circle(Point centre, double radius, const Ink& ink) { ellipse(centre, radius, radius, ink); }
  void polygon(const std::vector<Point>& points, const Ink& ink);
  void blob(const std::vector<Point>& points, const Ink& ink);  // smooth and closed (Catmull-Rom)
  void rectangle(Point low, Point high, const Ink& ink, double corner_radius = 0);
  void curve(const std::vector<Point>& points, double width, const Ink& ink);        // smooth and open, round ends
  void sector(Point centre, double radius, double from, double to, const Ink& ink);  // of a circle, radians

  // Areas without edges: colour from bottom to top, and a soft round spot that fades to nothing.
  void gradient(Point low, Point high, Rgb bottom, Rgb top);
  void glow(Point centre, double rx, double ry, Rgb colour, double alpha);

  // The image, from its lower left to its upper right corner.
  void image(const ArgbImage& image, Point low, Point high);

  // The shapes that `body` draws grow into one: a single contour around all of them. `body` is called twice.
  void together(const std::function<void()>& body);

 private:
  enum class Pass { both, contour, fill };
  void paint(const Ink& ink);
  void set_source(const Ink& ink);
  void set_contour_source(const Ink& ink);
  void smooth_path(const std::vector<Point>& points, bool closed);

  cairo_t* context_;
  Contour contour_;
  Pass pass_ = Pass::both;
  double light_matrix_[6];  // the frame that light_from_here() saw
};

}  // namespace easel::storybook
