// Operations stop before they begin, and in their midst.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "easel/error.h"
#include "ops/gradients.h"
#include "ops/op_observer.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

ErrorCode code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::Internal;
}

TEST(CancelledOperation, DoesNotBegin) {
  const Tensor x = random_tensor({2, 4}, 1);
  const CancellationToken token;
  const ScopedCancellation scope(token);
  int seen = 0;
  const ScopedOpObserver observer([&](const OpRecord&) { ++seen; });
  add(x, x);
  token.request();
  EXPECT_EQ(code_of([&] { add(x, x); }), ErrorCode::Cancelled);
  EXPECT_EQ(code_of([&] { reshape(x, {8}); }), ErrorCode::Cancelled);
  EXPECT_EQ(code_of([&] { channel_sums(x); }), ErrorCode::Cancelled);
  EXPECT_EQ(seen, 1);
}

// How long a call goes on after another thread has asked it to stop, 50 ms after its start.
double seconds_to_stop(const std::function<void()>& call) {
  using Clock = std::chrono::steady_clock;
  const CancellationToken token;
  const ScopedCancellation scope(token);
  Clock::time_point asked;
  std::thread asking([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    asked = Clock::now();
    token.request();
  });
  EXPECT_EQ(code_of(call), ErrorCode::Cancelled) << "it came to its end";
  const Clock::time_point stopped = Clock::now();
  asking.join();
  return std::chrono::duration<double>(stopped - asked).count();
}

// Each would take many seconds. The bound is generous, for machines that do other things too.
TEST(CancelledOperation, StopsInItsMidst) {
  const Tensor tokens = random_tensor({1, 100'000, 32}, 1);
  const Tensor picture = random_tensor({1, 512, 512, 64}, 2), filter = random_tensor({1024, 64, 3, 3}, 3);
  const Tensor few = random_tensor({1, 8'192, 512}, 4), wide = random_tensor({16'384, 512}, 5);
  const auto expect_fast = [](const char* op, const std::function<void()>& call) {
    const double seconds = seconds_to_stop(call);
    std::printf("%s stopped after %.3f s\n", op, seconds);
    EXPECT_LT(seconds, 1.0) << op;
  };
  expect_fast("attention", [&] { attention(tokens, tokens, tokens, {}); });
  expect_fast("conv2d", [&] { conv2d(picture, filter, {}, {.padding = Padding::all(1)}); });
  expect_fast("attention_grad", [&] { attention_grad(few, few, few, few, {}); });
  expect_fast("linear", [&] {
    for (;;) linear(few, wide, {});
  });
}

}  // namespace
}  // namespace easel
