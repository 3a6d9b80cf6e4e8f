// wiener_filter.h — noise taken out of a picture with the help of a guess of the clean one.
#pragma once

#include "easel/picture.h"

namespace easel {

// The standard deviation of a picture's noise, 0..255, as if it were white: the median of the absolute diagonal Haar
// coefficients of the colours / 0.6745 (Donoho & Johnstone 1994, doi:10.1093/biomet/81.3.425). 0 below 2x2 pixels.
double estimated_noise(const Picture& picture);

// Every 8x8 block's cosine transform times P^2 / (P^2 + sigma^2), P that of the guess, averaged over all blocks that a
// pixel lies in: the second step of BM3D without its grouping (Dabov et al. 2007, doi:10.1109/TIP.2007.901238, section
// III.C). Where the guess is farther from the picture than noise would be, what a hard threshold of 2.7 sigma leaves of
// the picture is mixed in. sigma: 0..255. Equal sizes; the result has the picture's channels, alpha as it was.
Picture wiener_filtered(const Picture& picture, const Picture& guess, double sigma);

}  // namespace easel
