#include "cli/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "easel/error.h"
#include "files/unfinished_output.h"

namespace easel::cli {
namespace {

constexpr long kGraceNs = 150'000'000;
constexpr int kMostGraces = 14;  // while something unfinished is removed, which a busy disk delays

// What the handlers use: all async-signal-safe.
std::atomic<int> signals{0};
std::atomic<int> graces{0};
std::atomic<bool> reported{false};
timer_t grace_timer{};
bool clears_line = false;  // stderr is a terminal, where a progress bar may stand
int cancelled_status = 0;

void write_line(std::string_view text) {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

// 0: never.
void arm_timer(long nanoseconds) {
  itimerspec grace{};
  grace.it_value.tv_nsec = nanoseconds;
  timer_settime(grace_timer, 0, &grace, nullptr);
}

void on_signal(int signal) {
  if (signals.fetch_add(1) > 0) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // takes effect when this handler returns
    return;
  }
  interrupt_token().request();
  arm_timer(kGraceNs);
}

void on_end_of_grace(int) {
  if (UnfinishedOutput::exists() && ++graces < kMostGraces) return arm_timer(kGraceNs);
  if (!reported.exchange(true)) {
    if (clears_line) write_line("\r\x1b[K");
    write_line("easel: cancelled, in the midst of an operation\n");
  }
  _exit(cancelled_status);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  for (const int blocked : {SIGINT, SIGTERM, SIGALRM}) sigaddset(&action.sa_mask, blocked);
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

}  // namespace

const CancellationToken& interrupt_token() {
  static const CancellationToken* const token = new CancellationToken;  // never destroyed: signals come to the end
  return *token;
}

bool interrupted() { return interrupt_token().requested(); }

void catch_interrupts() {
  interrupt_token();  // made before a handler needs it
  clears_line = isatty(STDERR_FILENO) != 0;
  cancelled_status = error_exit_code(ErrorCode::Cancelled);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  timer_create(CLOCK_MONOTONIC, &event, &grace_timer);
  handle(SIGALRM, on_end_of_grace);
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
}

void report_cancelled(const char* what) {
  arm_timer(0);  // else it could end the process between the next two steps
  if (!reported.exchange(true)) std::fprintf(stderr, "easel: %s\n", what);
  if (signals > 0) arm_timer(kGraceNs);  // for what ends with the program
}

}  // namespace easel::cli
