#include "ops/backend.h"

#include "ops/cpu/cpu_backend.h"
#include "ops/torch_plugin.h"

namespace easel {

Backend::~Backend() = default;

Backend& backend(BackendKind kind) { return kind == BackendKind::cpu ? cpu_backend() : torch_plugin().backend(); }

}  // namespace easel
