#include "storybook/styles/styles.h"

namespace easel::storybook {

Contour subject_contour(Style style, double unit_px) {
  if (style == Style::outline || style == Style::ink)
    return {.width_px = 0.016 * unit_px, .inked = true, .shading = false};
  if (style == Style::render_3d) return {.width_px = 0};
  return {.width_px = 0.0085 * unit_px};
}

Contour backdrop_contour(Style style, double unit_px) {
  if (style == Style::outline || style == Style::ink)
    return {.width_px = 0.009 * unit_px, .inked = true, .shading = false};
  return {.width_px = 0};
}

Raster apply_style(Style style, const Layers& layers, RandomNumbers& random) {
  switch (style) {
    case Style::flat:
    case Style::render_3d:
    case Style::sticker: return layers.picture;
    case Style::ink: return ink(layers);
    case Style::outline: return outline(layers);
    case Style::pencil: return pencil(layers, random);
    case Style::watercolour: return watercolour(layers, random);
    case Style::impressionist: return impressionist(layers, random);
    case Style::pixel_art: return pixel_art(layers);
    case Style::cubist: return cubist(layers, random);
  }
  return layers.picture;
}

}  // namespace easel::storybook
