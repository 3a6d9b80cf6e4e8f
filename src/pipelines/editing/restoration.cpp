#include "pipelines/editing/restoration.h"

#include <algorithm>

#include "easel/error.h"
#include "pictures/damage_mask.h"
#include "pictures/hole_filling.h"
#include "pipelines/editing/edited_picture.h"
#include "pipelines/editing/inpaint.h"

namespace easel {
namespace {

constexpr double kStrength = 0.4;  // the surroundings say most of what belongs there

// What the loop did, on the fill: what the autoencoder alone changes falls out. coded: the fill through the
// autoencoder.
Picture with_change(const Picture& fill, const Picture& coded, const Picture& made) {
  Picture result = coded;  // RGB of the canvas
  for (int y = 0; y < fill.height_px; ++y)
    for (int x = 0; x < fill.width_px; ++x)
      for (int c = 0; c < 3; ++c) {
        const auto at = [&](const Picture& picture) {
          const int channel = picture.channels < 3 ? 0 : c;
          return static_cast<int>(
              picture.pixels[static_cast<size_t>((y * picture.width_px + x) * picture.channels + channel)]);
        };
        result.pixels[static_cast<size_t>((y * result.width_px + x) * 3 + c)] =
            static_cast<uint8_t>(std::clamp(at(fill) + at(made) - at(coded), 0, 255));
      }
  return result;
}

}  // namespace

MadePictures restoration(const DiffusionModel& model, const GenerationRequest& request,
                         const GenerationCallbacks& callbacks) {
  GenerationRequest inner = request;
  GenerationParameters& parameters = inner.parameters;
  if (!parameters.image.given()) throw Error(ErrorCode::InvalidArgument, "[edit] no image; an edit starts from one");
  if (!parameters.mask.given() && parameters.mask_box.empty()) {
    parameters.mask.picture = damage_mask(parameters.image.picture);
    const std::vector<uint8_t>& mask = parameters.mask.picture.pixels;
    if (std::ranges::none_of(mask, [](uint8_t value) { return value > 0; })) {
      const EditedPicture edited(parameters, /*masked=*/false, model.vae.config().downsampling());
      return unchanged(resolved_request(model, on_canvas(request, edited)), edited);
    }
  }
  parameters.masked_content = "fill";
  parameters.strength = kStrength;
  parameters.mask_blur = 0;  // the mask reaches beyond the damage already
  MadePictures made = inpaint(model, inner, callbacks);
  const EditedPicture edited(parameters, /*masked=*/true, model.vae.config().downsampling());
  const Picture fill = with_holes_filled(edited.original(), edited.change());
  ProgressClock clock(callbacks, parameters.num_inference_steps);
  const Picture coded =
      decode_pictures(model, encode_canvas(model, edited.canvas_of(fill)), parameters.vae_band_rows, clock).front();
  for (Picture& picture : made.pictures) picture = edited.composited(with_change(fill, coded, picture), 0);
  return recorded_as(request.parameters, std::move(made));
}

}  // namespace easel
