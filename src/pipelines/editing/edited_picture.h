// edited_picture.h — the picture that an edit starts from, and the part of it that changes.
#pragma once

#include <vector>

#include "pipelines/stages.h"
#include "tensor/tensor.h"

namespace easel {

// Throws InvalidArgument where a picture beside the image (a mask, another end) has other proportions. name: the
// parameter's.
void require_shape_of_image(const char* name, const Picture& picture, const Picture& image);

// A picture of any size on a canvas of whole cells of latents, its right and lower borders repeated.
class EditedPicture {
 public:
  // parameters.image; with `masked` also the mask, from mask, mask_box or the image's transparency. cell_px: pixels of
  // a latent. Throws InvalidArgument where there is no image or no mask, or the mask does not fit.
  EditedPicture(const GenerationParameters& parameters, bool masked, int64_t cell_px);

  const Picture& original() const { return original_; }
  int64_t canvas_width_px() const { return canvas_width_px_; }
  int64_t canvas_height_px() const { return canvas_height_px_; }
  // How much each pixel of the original changes, 0..1.
  const std::vector<float>& change() const { return change_; }

  // [1, H, W, 3] of the canvas: of the original, or of a picture of its size.
  Tensor canvas() const { return canvas_of(original_); }
  Tensor canvas_of(const Picture& picture) const;
  // [1, H, W, 1] of the canvas' cells: the most that a pixel of each changes.
  Tensor cell_changes() const;

  // The result: of the canvas that was generated what changes, the rest with the original's bytes. Over `mask_blur`
  // pixels inside the border of what changes both mix.
  Picture composited(const Picture& generated, int64_t mask_blur) const;

 private:
  Picture original_;
  int64_t cell_px_;
  int64_t canvas_width_px_, canvas_height_px_;
  std::vector<float> change_;
};

// The request with the canvas' size as that of its pictures.
GenerationRequest on_canvas(GenerationRequest request, const EditedPicture& edited);

// As many pictures as the request asks for, each the original: where no step changes it.
MadePictures unchanged(const GenerationRequest& request, const EditedPicture& edited);

}  // namespace easel
