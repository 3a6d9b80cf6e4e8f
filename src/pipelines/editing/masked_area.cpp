#include "pipelines/editing/masked_area.h"

#include <algorithm>
#include <cmath>

#include "easel/error.h"
#include "pictures/resampling.h"
#include "pipelines/editing/edited_picture.h"
#include "pipelines/editing/inpaint.h"

namespace easel {
namespace {

// First pixel inside, first outside.
struct Area {
  int left, top, right, bottom;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

// The smallest box around what changes, with `padding` pixels on each side where the image has them.
Area area_of(const EditedPicture& edited, int padding) {
  const Picture& image = edited.original();
  Area area{image.width_px, image.height_px, 0, 0};
  for (int y = 0; y < image.height_px; ++y)
    for (int x = 0; x < image.width_px; ++x) {
      if (edited.change()[static_cast<size_t>(y) * static_cast<size_t>(image.width_px) + static_cast<size_t>(x)] == 0)
        continue;
      area = {std::min(area.left, x), std::min(area.top, y), std::max(area.right, x + 1), std::max(area.bottom, y + 1)};
    }
  if (area.right <= area.left)
    throw Error(ErrorCode::InvalidArgument, "[edit] the mask is black; nothing is to change");
  return {std::max(0, area.left - padding), std::max(0, area.top - padding),
          std::min(image.width_px, area.right + padding), std::min(image.height_px, area.bottom + padding)};
}

Picture cropped(const Picture& picture, const Area& area) {
  Picture crop{.width_px = area.width(), .height_px = area.height(), .channels = picture.channels, .pixels = {}};
  const auto channels = static_cast<size_t>(picture.channels);
  for (int y = area.top; y < area.bottom; ++y) {
    const size_t row = static_cast<size_t>(y) * static_cast<size_t>(picture.width_px) + static_cast<size_t>(area.left);
    const uint8_t* from = &picture.pixels[row * channels];
    crop.pixels.insert(crop.pixels.end(), from, from + static_cast<size_t>(area.width()) * channels);
  }
  return crop;
}

Picture mask_of(const EditedPicture& edited) {
  const Picture& image = edited.original();
  Picture mask{.width_px = image.width_px, .height_px = image.height_px, .channels = 1, .pixels = {}};
  for (const float change : edited.change()) mask.pixels.push_back(static_cast<uint8_t>(std::lround(255 * change)));
  return mask;
}

// RGB of `image` with `part` in the area.
Picture with_part(const Picture& image, const Picture& part, const Area& area) {
  Picture whole{.width_px = image.width_px, .height_px = image.height_px, .channels = 3, .pixels = {}};
  whole.pixels.resize(static_cast<size_t>(image.width_px) * static_cast<size_t>(image.height_px) * 3);
  const auto channels = static_cast<size_t>(part.channels);
  for (int y = 0; y < area.height(); ++y)
    for (int x = 0; x < area.width(); ++x) {
      const size_t to =
          static_cast<size_t>(y + area.top) * static_cast<size_t>(image.width_px) + static_cast<size_t>(x + area.left);
      const size_t from = static_cast<size_t>(y) * static_cast<size_t>(part.width_px) + static_cast<size_t>(x);
      for (size_t c = 0; c < 3; ++c) whole.pixels[to * 3 + c] = part.pixels[from * channels + (channels < 3 ? 0 : c)];
    }
  return whole;
}

}  // namespace

MadePictures inpaint_masked_area(const DiffusionModel& model, const GenerationRequest& request,
                                 const GenerationCallbacks& callbacks) {
  const EditedPicture edited(request.parameters, /*masked=*/true, model.vae.config().downsampling());
  const Area area = area_of(edited, static_cast<int>(request.parameters.mask_padding));
  const auto own = static_cast<double>(model.native_size_px());
  const double scale = std::max(1.0, own / std::sqrt(static_cast<double>(area.width()) * area.height()));
  const int width = static_cast<int>(std::lround(area.width() * scale)),
            height = static_cast<int>(std::lround(area.height() * scale));

  GenerationRequest inner = request;
  GenerationParameters& parameters = inner.parameters;
  parameters.inpaint_area = "whole";
  parameters.mask_box = "";
  parameters.invert_mask = false;
  parameters.mask_blur = 0;
  parameters.image.picture = resampled(cropped(edited.original(), area), width, height, ResamplingFilter::lanczos);
  parameters.mask.picture = resampled(cropped(mask_of(edited), area), width, height, ResamplingFilter::linear);
  MadePictures made = inpaint(model, inner, callbacks);
  for (Picture& picture : made.pictures) {
    const Picture part = resampled(picture, area.width(), area.height(), ResamplingFilter::lanczos);
    picture = edited.composited(with_part(edited.original(), part, area), request.parameters.mask_blur);
  }
  return recorded_as(request.parameters, std::move(made));
}

}  // namespace easel
