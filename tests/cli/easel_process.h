// easel_process.h — the program as its users meet it: arguments in, exit status and output back.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "build_paths.h"
#include "temporary_folder.h"

namespace easel {

struct ProcessResult {
  int exit_status = -1;  // 128 + signal where a signal ended it
  bool by_signal = false;
  std::string out;
  std::string err;
};

inline const std::string kBuiltEasel = test::built_path("easel").string();

// A running `easel`; its working directory is `folder`.
class EaselProcess {
 public:
  EaselProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
               const std::string& program = kBuiltEasel);
  ~EaselProcess();
  EaselProcess(const EaselProcess&) = delete;
  EaselProcess& operator=(const EaselProcess&) = delete;

  void send_signal(int signal) const;
  ProcessResult wait();

 private:
  test::TemporaryFolder output_;  // "out" and "err"
  pid_t pid_ = -1;
};

ProcessResult run_easel(const std::vector<std::string>& arguments,
                        const std::filesystem::path& folder = std::filesystem::temp_directory_path(),
                        const std::string& program = kBuiltEasel);

// A tiny random model, written once per process.
const std::string& tiny_model();

}  // namespace easel
