// process_usage.h — what this process has used of the machine.
#pragma once

#include <cstdint>

namespace easel {

int64_t peak_resident_bytes();  // the most memory at a time since its start
double cpu_seconds();           // of all threads, in the program and in the kernel

}  // namespace easel
