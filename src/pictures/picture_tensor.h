// picture_tensor.h — tensors of pictures as pictures.
#pragma once

#include <vector>

#include "easel/picture.h"
#include "tensor/tensor.h"

namespace easel {

// image: [N, H, W, 3] on the host, about [-1, 1]. Each value v becomes round(255 * clamp(v / 2 + 0.5, 0, 1)).
std::vector<Picture> pictures_from_image(const Tensor& image);

}  // namespace easel
