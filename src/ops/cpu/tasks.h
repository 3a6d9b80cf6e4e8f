// tasks.h — parallel_for for code that is compiled for one instruction set.
//
// std::function and other inline library code would be emitted into such a translation unit, and the linker might pick
// those copies for the whole program. Only a plain function pointer crosses the border here.
#pragma once

#include <cstdint>

namespace easel::cpu {

using TaskFunction = void (*)(const void* context, int64_t task, int thread);
// parallel_for (tensor/parallel.h) over function(context, task, thread).
void run_task_function(int64_t num_tasks, TaskFunction function, const void* context);
// parallel_for_stopping(): a task that takes long then leaves its work undone.
bool tasks_stopping();
// thread_count() of tensor/parallel.h.
int num_threads();

namespace {

// body(task, thread) for task = 0..num_tasks-1.
template <typename Body>
[[maybe_unused]] void run_tasks(int64_t num_tasks, const Body& body) {
  run_task_function(
      num_tasks,
      [](const void* context, int64_t task, int thread) { (*static_cast<const Body*>(context))(task, thread); }, &body);
}

}  // namespace
}  // namespace easel::cpu
