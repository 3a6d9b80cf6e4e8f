// A pool of waiting threads. The caller works too and never waits for a thread that has not taken a task: on a busy
// machine, where a helper may not get a processor at all, the caller simply does the work alone (docs/decisions/0002).
#include "tensor/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "easel/error.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

int default_thread_count() {
  const char* text = std::getenv("EASEL_THREADS");
  if (text == nullptr || *text == '\0') {
    cpu_set_t allowed;
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
  }
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

struct Loop {
  int64_t num_tasks;
  const std::function<void(int64_t, int)>& body;
  const ScopedCancellation* scope;  // of the caller; null where it has none

  bool stopping() const { return scope != nullptr && scope->requested(); }
};

thread_local const Loop* running_loop = nullptr;  // whose tasks this thread takes, as one of several

// While it lives, this thread takes tasks of the loop. The pool waits for it, so no body may throw: none sees a scope.
class TaskTaker {
 public:
  explicit TaskTaker(const Loop& loop) { running_loop = &loop; }
  ~TaskTaker() { running_loop = nullptr; }
  TaskTaker(const TaskTaker&) = delete;
  TaskTaker& operator=(const TaskTaker&) = delete;

 private:
  CancellationShield shield_;
};

class ThreadPool {
 public:
  // False where another thread's loop is running.
  bool run(const Loop& loop, int threads) {
    const std::unique_lock<std::mutex> caller(caller_mutex_, std::try_to_lock);
    if (!caller.owns_lock()) return false;
    open(loop, threads);
    take_tasks(loop, 0);
    close();
    return true;
  }

 private:
  // How often an idle thread looks for the next loop, yielding, before it sleeps: some 20 us, about the gap between two
  // operations.
  static constexpr int kSpins = 60;

  void open(const Loop& loop, int threads) {
    {
      const std::lock_guard lock(mutex_);
      while (static_cast<int>(workers_.size()) < threads - 1)
        workers_.emplace_back(&ThreadPool::work, this, static_cast<int>(workers_.size()) + 1);
      loop_ = &loop;
      threads_ = threads;
      next_task_.store(0, std::memory_order_relaxed);
      loops_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
  }

  // No thread joins any more; waits for those that did.
  void close() {
    std::unique_lock lock(mutex_);
    loop_ = nullptr;
    lock.unlock();
    for (int i = 0; i < kSpins && running_.load(std::memory_order_acquire) > 0; ++i) std::this_thread::yield();
    lock.lock();
    finished_.wait(lock, [this] { return running_.load(std::memory_order_relaxed) == 0; });
  }

  void take_tasks(const Loop& loop, int thread) {
    const TaskTaker taker(loop);
    for (int64_t task = next_task_.fetch_add(1); task < loop.num_tasks && !loop.stopping();
         task = next_task_.fetch_add(1))
      loop.body(task, thread);
  }

  void work(int thread) {
    uint64_t seen = 0;
    for (;;) {
      for (int i = 0; i < kSpins && loops_.load(std::memory_order_acquire) == seen; ++i) std::this_thread::yield();
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return loops_.load(std::memory_order_relaxed) != seen; });
      seen = loops_.load(std::memory_order_relaxed);
      if (loop_ == nullptr || thread >= threads_) continue;
      const Loop& loop = *loop_;
      ++running_;
      lock.unlock();
      take_tasks(loop, thread);
      lock.lock();
      if (--running_ == 0) finished_.notify_one();
    }
  }

  std::mutex caller_mutex_;  // held by the thread whose loop runs
  std::mutex mutex_;         // guards what follows
  std::condition_variable wake_, finished_;
  std::vector<std::thread> workers_;  // worker i is thread i + 1
  const Loop* loop_ = nullptr;        // null while none is open
  int threads_ = 0;
  // Read without the lock by threads that spin.
  std::atomic<int64_t> next_task_{0};
  std::atomic<int> running_{0};     // workers inside the loop
  std::atomic<uint64_t> loops_{0};  // so far
};

// Never destroyed: its threads sleep until the process ends.
ThreadPool& pool() {
  static ThreadPool* const instance = new ThreadPool;
  return *instance;
}

}  // namespace

int thread_count() { return configured_count(); }
void set_thread_count(int count) { configured_count() = count; }

void parallel_for(int64_t num_tasks, const std::function<void(int64_t task, int thread)>& body) {
  const Loop loop{num_tasks, body, ScopedCancellation::current()};
  const bool nested = running_loop != nullptr;
  const int threads = nested ? 1 : static_cast<int>(std::min<int64_t>(thread_count(), num_tasks));
  if (threads <= 1 || !pool().run(loop, threads))
    for (int64_t task = 0; task < num_tasks && !parallel_for_stopping(); ++task) body(task, 0);
  throw_if_cancelled();
}

bool parallel_for_stopping() { return running_loop != nullptr ? running_loop->stopping() : cancellation_requested(); }

}  // namespace easel
