// parallel.h — loops over the process's threads.
#pragma once

#include <cstdint>
#include <functional>

#include "easel/export.h"

namespace easel {

// Number of threads that parallel_for uses. Default: the CPUs this process may run on, or EASEL_THREADS.
EASEL_API int thread_count();
// REQUIRES: count >= 1. Not to be called while a parallel_for runs.
EASEL_API void set_thread_count(int count);

// Calls body(task, thread) for task = 0..num_tasks-1, each once, in any order; thread is 0..thread_count()-1.
// Tasks are handed out one by one, so results must not depend on which thread runs which task.
// body must not throw. Nested calls, and calls while another thread's parallel_for runs, run serially in the caller.
// Where the caller's work is to stop (cancellation_scope.h) it throws Cancelled, with tasks left undone; of nested
// calls the outermost does.
EASEL_API void parallel_for(int64_t num_tasks, const std::function<void(int64_t task, int thread)>& body);

// In a body: whether the loop is to stop. A body that takes long then leaves its work undone.
EASEL_API bool parallel_for_stopping();

}  // namespace easel
