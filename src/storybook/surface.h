// surface.h — an owned Cairo image.
#pragma once

#include <cstdint>
#include <memory>

#include "easel/picture.h"

typedef struct _cairo cairo_t;
typedef struct _cairo_surface cairo_surface_t;

namespace easel::storybook {

// Transparent at first. Pixels of 32 bits: premultiplied ARGB, native endian. Not thread safe.
class Surface {
 public:
  // Throws ResourceExhausted.
  Surface(int width_px, int height_px);

  cairo_t* context() const { return context_.get(); }
  cairo_surface_t* get() const { return surface_.get(); }
  const uint32_t* row(int y) const;  // of what has been drawn so far
  void clear() const;                // transparent again
  void put_onto(const Surface& target) const;
  Picture to_picture() const;  // RGB; REQUIRES: opaque

 private:
  struct Deleter {
    void operator()(cairo_surface_t* surface) const;
    void operator()(cairo_t* context) const;
  };
  int width_px_;
  int height_px_;
  std::unique_ptr<cairo_surface_t, Deleter> surface_;
  std::unique_ptr<cairo_t, Deleter> context_;
};

}  // namespace easel::storybook
