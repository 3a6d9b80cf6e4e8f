// interrupt.h — Ctrl-C as a wish that the running work can see.
#pragma once

namespace easel::cli {

// From now on the first SIGINT or SIGTERM only sets a flag; a second one ends the process at once.
void catch_interrupts();
bool interrupted();

}  // namespace easel::cli
