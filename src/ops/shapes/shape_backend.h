// shape_backend.h — operations on tensors that have a shape and no elements (run_meter.h).
#pragma once

#include "ops/backend.h"

namespace easel {

Backend& shape_backend();

}  // namespace easel
