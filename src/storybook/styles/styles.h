// styles.h — how each style turns the drawn layers into the picture.
//
// Flat pictures are the layers as drawn. Outlines come from the brush (contour_of); the rest works on pixels, so that
// every kind and setting has every style. All lengths are relative to Layers::unit_px, so a larger picture looks the
// same.
#pragma once

#include "storybook/brush.h"
#include "storybook/styles/layers.h"

namespace easel::storybook {

// How the brush draws subjects and backdrop for a style.
Contour subject_contour(Style style, double unit_px);
Contour backdrop_contour(Style style, double unit_px);

Raster apply_style(Style style, const Layers& layers, RandomNumbers& random);

// Paper, dark lines around everything; the subjects keep their colours, the backdrop pales.
Raster outline(const Layers& layers);
// The same without colours.
Raster ink(const Layers& layers);
// Graphite lines and hatching over a pale wash of colour.
Raster pencil(const Layers& layers, RandomNumbers& random);
// Uneven translucent washes with bleeding edges and darker rims, on paper that stays white at the border.
Raster watercolour(const Layers& layers, RandomNumbers& random);
// Short thick strokes of broken colour that follow the forms.
Raster impressionist(const Layers& layers, RandomNumbers& random);
// 32 x 32 cells of few colours.
Raster pixel_art(const Layers& layers);
// Facets that each show the scene from a slightly other side, in another light.
Raster cubist(const Layers& layers, RandomNumbers& random);

}  // namespace easel::storybook
