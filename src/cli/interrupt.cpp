#include "cli/interrupt.h"

#include <csignal>

namespace easel::cli {
namespace {

volatile std::sig_atomic_t signalled = 0;

void on_signal(int) { signalled = 1; }

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESETHAND;  // the second one takes the default action
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return signalled != 0; }

}  // namespace easel::cli
