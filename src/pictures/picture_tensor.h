// picture_tensor.h — pictures as tensors and back.
#pragma once

#include <vector>

#include "easel/picture.h"
#include "tensor/tensor.h"

namespace easel {

// image: [N, H, W, 3] on the host, about [-1, 1]. Each value v becomes round(255 * clamp(v / 2 + 0.5, 0, 1)).
std::vector<Picture> pictures_from_image(const Tensor& image);

// The other way: [1, H, W, 3] of v / 127.5 - 1. Grey becomes RGB; transparent parts lie on white.
Tensor image_from_picture(const Picture& picture);

}  // namespace easel
