// cpu_backend.h — Easel's own implementation of the operations: always built in, needs no library.
#pragma once

#include "ops/backend.h"

namespace easel {

// The one instance. Thread safe.
Backend& cpu_backend();

}  // namespace easel
