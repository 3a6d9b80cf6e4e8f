#include "storybook/surface.h"

#include <cairo.h>

#include <string>

#include "easel/error.h"

namespace easel::storybook {

void Surface::Deleter::operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
void Surface::Deleter::operator()(cairo_t* context) const { cairo_destroy(context); }

Surface::Surface(int width_px, int height_px)
    : width_px_(width_px),
      height_px_(height_px),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width_px, height_px)),
      context_(cairo_create(surface_.get())) {
  if (cairo_status(context_.get()) != CAIRO_STATUS_SUCCESS)
    throw Error(ErrorCode::ResourceExhausted, "[storybook] no memory for " + std::to_string(width_px) + " x " +
                                                  std::to_string(height_px) + " pixels");
}

const uint32_t* Surface::row(int y) const {
  cairo_surface_flush(surface_.get());
  const ptrdiff_t offset = static_cast<ptrdiff_t>(y) * cairo_image_surface_get_stride(surface_.get());
  return reinterpret_cast<const uint32_t*>(cairo_image_surface_get_data(surface_.get()) + offset);
}

void Surface::clear() const {
  cairo_save(context());
  cairo_set_operator(context(), CAIRO_OPERATOR_CLEAR);
  cairo_paint(context());
  cairo_restore(context());
}

void Surface::put_onto(const Surface& target) const {
  cairo_save(target.context());
  cairo_identity_matrix(target.context());
  cairo_set_source_surface(target.context(), get(), 0, 0);
  cairo_paint(target.context());
  cairo_restore(target.context());
}

Picture Surface::to_picture() const {
  Picture picture{.width_px = width_px_, .height_px = height_px_, .channels = 3, .pixels = {}};
  picture.pixels.reserve(static_cast<size_t>(width_px_) * static_cast<size_t>(height_px_) * 3);
  for (int y = 0; y < height_px_; ++y) {
    const uint32_t* pixels = row(y);
    for (int x = 0; x < width_px_; ++x)
      for (const int shift : {16, 8, 0}) picture.pixels.push_back(static_cast<uint8_t>(pixels[x] >> shift));
  }
  return picture;
}

}  // namespace easel::storybook
