#include "benchmark/process_usage.h"

#include <sys/resource.h>

namespace easel {
namespace {

rusage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

int64_t peak_resident_bytes() { return usage_now().ru_maxrss * 1024; }  // Linux counts in KiB

double cpu_seconds() {
  const rusage usage = usage_now();
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace easel
