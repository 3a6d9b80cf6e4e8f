// unfinished_output.h — whether there is something on the disk that must go away again where a run does not come to its
// end. An interrupted program waits for that a little longer than for anything else.
#pragma once

namespace easel {

class UnfinishedOutput {
 public:
  UnfinishedOutput();
  ~UnfinishedOutput();
  UnfinishedOutput(const UnfinishedOutput&) = delete;
  UnfinishedOutput& operator=(const UnfinishedOutput&) = delete;

  // Whether one lives, in any thread. Safe in a signal handler.
  static bool exists();
};

}  // namespace easel
