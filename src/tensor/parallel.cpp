#include "tensor/parallel.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>

#include "easel/error.h"

namespace easel {
namespace {

int default_thread_count() {
  const char* text = std::getenv("EASEL_THREADS");
  if (text == nullptr || *text == '\0') return omp_get_num_procs();
  char* end = nullptr;
  const long count = std::strtol(text, &end, 10);
  if (*end != '\0' || count < 1 || count > 1024)
    throw Error(ErrorCode::InvalidArgument, std::string("[threads] EASEL_THREADS = ") + text + "; must be 1..1024");
  return static_cast<int>(count);
}

std::atomic<int>& configured_count() {
  static std::atomic<int> count{default_thread_count()};
  return count;
}

}  // namespace

int thread_count() { return configured_count(); }
void set_thread_count(int count) { configured_count() = count; }

void parallel_for(int64_t num_tasks, const std::function<void(int64_t, int)>& body) {
  const int threads = static_cast<int>(std::min<int64_t>(thread_count(), num_tasks));
  if (threads <= 1 || omp_in_parallel()) {
    for (int64_t task = 0; task < num_tasks; ++task) body(task, 0);
    return;
  }
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (int64_t task = 0; task < num_tasks; ++task) body(task, omp_get_thread_num());
}

}  // namespace easel
