// interrupt.h — Ctrl-C and SIGTERM as a wish that the running work can see.
#pragma once

#include "easel/cancellation.h"

namespace easel::cli {

// What the first SIGINT or SIGTERM requests.
const CancellationToken& interrupt_token();
bool interrupted();

// From now on the first SIGINT or SIGTERM requests the token. Work that cannot stop within 150 ms (a
// library's call, a flush to a slow disk) is ended with the process, which says so in one line and has the exit status
// of a cancelled one. The second signal of either kind ends the process at once.
void catch_interrupts();

// Prints the one line of a cancelled run, as main does for every error.
void report_cancelled(const char* what);

}  // namespace easel::cli
