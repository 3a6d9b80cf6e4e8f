// available_memory.h — how much more memory this process may take.
#pragma once

#include <cstdint>

namespace easel {

// Bytes that the system can still give without swapping, within the limit of the process's control group (version 2),
// and what the arena holds unused. The largest number where the system does not say.
int64_t available_memory_bytes();

}  // namespace easel
