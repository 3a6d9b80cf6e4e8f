#include "pipelines/editing/outpaint.h"

#include <algorithm>

#include "easel/error.h"
#include "pictures/hole_filling.h"
#include "pipelines/editing/inpaint.h"

namespace easel {
namespace {

constexpr int64_t kMaxSide = 16'384;  // pixels, of the result

// Where the old picture lies in the new one.
struct Extension {
  int width_px, height_px;
  int left, top, right, bottom;  // of the old picture; right and bottom are the first outside
};

Extension extension_of(const GenerationParameters& parameters) {
  const Picture& old = parameters.image.picture;
  const auto fail = [](const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[edit] " + what); };
  if (!parameters.image.given()) fail("no image; an edit starts from one");
  if (parameters.left + parameters.right + parameters.top + parameters.bottom == 0)
    fail("left, right, top and bottom are 0; one of them must be more");
  const int64_t width = old.width_px + parameters.left + parameters.right,
                height = old.height_px + parameters.top + parameters.bottom;
  if (std::max(width, height) > kMaxSide)
    fail("the result would have " + std::to_string(width) + "x" + std::to_string(height) + " pixels; at most " +
         std::to_string(kMaxSide) + " a side");
  return {.width_px = static_cast<int>(width),
          .height_px = static_cast<int>(height),
          .left = static_cast<int>(parameters.left),
          .top = static_cast<int>(parameters.top),
          .right = static_cast<int>(parameters.left) + old.width_px,
          .bottom = static_cast<int>(parameters.top) + old.height_px};
}

// How much a pixel changes: 1 outside the old picture, falling to 0 over the overlap behind each border that moved.
float change_at(const Extension& extension, int x, int y, double overlap) {
  if (x < extension.left || x >= extension.right || y < extension.top || y >= extension.bottom) return 1;
  double depth = overlap;  // pixels from the nearest border that moved
  if (extension.left > 0) depth = std::min(depth, x - extension.left + 0.5);
  if (extension.top > 0) depth = std::min(depth, y - extension.top + 0.5);
  if (extension.right < extension.width_px) depth = std::min(depth, extension.right - x - 0.5);
  if (extension.bottom < extension.height_px) depth = std::min(depth, extension.bottom - y - 0.5);
  return overlap == 0 ? 0.0f : static_cast<float>(1 - depth / overlap);
}

Picture extended(const Picture& old, const Extension& extension) {
  Picture picture{
      .width_px = extension.width_px, .height_px = extension.height_px, .channels = old.channels, .pixels = {}};
  const auto channels = static_cast<size_t>(old.channels);
  picture.pixels.assign(static_cast<size_t>(picture.width_px) * static_cast<size_t>(picture.height_px) * channels, 255);
  std::vector<float> hole(static_cast<size_t>(picture.width_px) * static_cast<size_t>(picture.height_px), 1.0f);
  for (int y = 0; y < old.height_px; ++y) {
    const size_t row = static_cast<size_t>(y + extension.top) * static_cast<size_t>(picture.width_px) +
                       static_cast<size_t>(extension.left);
    std::copy_n(&old.pixels[static_cast<size_t>(y) * static_cast<size_t>(old.width_px) * channels],
                static_cast<size_t>(old.width_px) * channels, &picture.pixels[row * channels]);
    std::fill_n(&hole[row], old.width_px, 0.0f);
  }
  return with_holes_filled(picture, hole);
}

}  // namespace

MadePictures outpaint(const DiffusionModel& model, const GenerationRequest& request,
                      const GenerationCallbacks& callbacks) {
  const Extension extension = extension_of(request.parameters);
  GenerationRequest inner = request;
  GenerationParameters& parameters = inner.parameters;
  parameters.task = task_name(Task::inpaint);
  parameters.masked_content = "original";  // of the holes that extended() has filled
  parameters.image.picture = extended(request.parameters.image.picture, extension);
  Picture& mask = parameters.mask.picture;
  mask = {.width_px = extension.width_px, .height_px = extension.height_px, .channels = 1, .pixels = {}};
  for (int y = 0; y < extension.height_px; ++y)
    for (int x = 0; x < extension.width_px; ++x)
      mask.pixels.push_back(static_cast<uint8_t>(
          255 * change_at(extension, x, y, static_cast<double>(request.parameters.overlap)) + 0.5f));
  parameters.strength = 1;
  parameters.mask_blur = 0;  // the mask is soft already
  MadePictures made = inpaint(model, inner, callbacks);
  return recorded_as(request.parameters, std::move(made));
}

}  // namespace easel
