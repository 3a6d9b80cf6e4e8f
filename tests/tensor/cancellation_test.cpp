#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "easel/error.h"
#include "tensor/cancellation_scope.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

template <typename Call>
bool is_cancelled(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Cancelled);
    return true;
  }
  return false;
}

// Sets the number of threads and back again.
class Threads {
 public:
  explicit Threads(int count) { set_thread_count(count); }
  ~Threads() { set_thread_count(before_); }

 private:
  const int before_ = thread_count();
};

TEST(Cancellation, CopiesShareOneRequest) {
  const CancellationToken token, copy = token, other;
  EXPECT_FALSE(token.requested());
  std::thread([copy] { copy.request(); }).join();
  EXPECT_TRUE(token.requested());
  EXPECT_FALSE(other.requested());
}

TEST(Cancellation, AScopeHeedsItsTokenAndThoseAround) {
  const CancellationToken outer, inner;
  EXPECT_FALSE(cancellation_requested());
  const ScopedCancellation around(outer);
  {
    const ScopedCancellation within(inner);
    inner.request();
    EXPECT_TRUE(is_cancelled(throw_if_cancelled));
  }
  EXPECT_FALSE(is_cancelled(throw_if_cancelled));
  const ScopedCancellation within{CancellationToken()};
  outer.request();
  EXPECT_TRUE(is_cancelled(throw_if_cancelled));
  {
    const CancellationShield shield;
    EXPECT_FALSE(is_cancelled(throw_if_cancelled));
  }
  EXPECT_TRUE(cancellation_requested());
  std::thread([] { EXPECT_FALSE(cancellation_requested()); }).join();
}

const CancellationToken& signalled_token() {
  static const CancellationToken token;
  return token;
}

TEST(Cancellation, ASignalHandlerMayRequest) {
  const ScopedCancellation scope(signalled_token());
  std::signal(SIGUSR1, [](int) { signalled_token().request(); });
  std::raise(SIGUSR1);
  std::signal(SIGUSR1, SIG_DFL);
  EXPECT_TRUE(cancellation_requested());
}

// Returns how many of 1000 tasks ran when the tenth to start requested the end.
int64_t tasks_before_the_end() {
  const CancellationToken token;
  const ScopedCancellation scope(token);
  std::atomic<int64_t> started{0};
  const auto loop = [&] {
    parallel_for(1000, [&](int64_t, int) {
      if (++started == 10) token.request();
      std::this_thread::sleep_for(std::chrono::microseconds(100));  // lets the other threads see it
    });
  };
  EXPECT_TRUE(is_cancelled(loop));
  return started;
}

TEST(Cancellation, ParallelForLeavesTheRestUndoneAndThrows) {
  for (const int threads : {1, 2, 4}) {
    const Threads set(threads);
    EXPECT_GE(tasks_before_the_end(), 10) << threads;
    EXPECT_LT(tasks_before_the_end(), 100) << threads;
    std::atomic<int64_t> ran{0};
    parallel_for(100, [&](int64_t, int) { ++ran; });  // the pool is whole
    EXPECT_EQ(ran, 100) << threads;
  }
}

TEST(Cancellation, LongTasksCanAsk) {
  for (const int threads : {1, 3}) {
    const Threads set(threads);
    const CancellationToken token;
    const ScopedCancellation scope(token);
    const auto loop = [&] {
      parallel_for(threads, [&](int64_t task, int) {
        EXPECT_FALSE(threads == 1 && parallel_for_stopping());
        if (task == 0) token.request();
        while (!parallel_for_stopping()) std::this_thread::yield();
      });
    };
    EXPECT_TRUE(is_cancelled(loop)) << threads;
  }
}

// A body that throws would leave the pool's other threads alone with what it has unwound.
TEST(Cancellation, NothingIsThrownThroughTheTasksOfSeveralThreads) {
  const Threads set(3);
  const CancellationToken token;
  const ScopedCancellation scope(token);
  std::atomic<int> thrown{0};
  const auto loop = [&] {
    parallel_for(30, [&](int64_t, int) {
      token.request();
      if (is_cancelled([] { parallel_for(5, [](int64_t, int) {}); })) ++thrown;
      if (is_cancelled(throw_if_cancelled)) ++thrown;
    });
  };
  EXPECT_TRUE(is_cancelled(loop));
  EXPECT_EQ(thrown, 0);
}

}  // namespace
}  // namespace easel
