#include "ops/cpu/tasks.h"

#include "tensor/parallel.h"

namespace easel::cpu {

void run_task_function(int64_t num_tasks, TaskFunction function, const void* context) {
  parallel_for(num_tasks, [=](int64_t task, int thread) { function(context, task, thread); });
}

bool tasks_stopping() { return parallel_for_stopping(); }

int num_threads() { return thread_count(); }

}  // namespace easel::cpu
