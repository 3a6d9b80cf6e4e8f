#include "cli/easel_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "model_tools/random_model.h"

namespace easel {
namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void redirect(const std::filesystem::path& path, int descriptor) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(127);
}

}  // namespace

EaselProcess::EaselProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                           const std::string& program) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ != 0) return;
  redirect(output_ / "out", STDOUT_FILENO);
  redirect(output_ / "err", STDERR_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(127);
  execv(argv[0], argv.data());
  _exit(127);
}

EaselProcess::~EaselProcess() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void EaselProcess::send_signal(int signal) const { kill(pid_, signal); }

ProcessResult EaselProcess::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return {.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .by_signal = WIFSIGNALED(status),
          .out = content(output_ / "out"),
          .err = content(output_ / "err")};
}

ProcessResult run_easel(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                        const std::string& program) {
  return EaselProcess(arguments, folder, program).wait();
}

const std::string& tiny_model() {
  static const test::TemporaryFolder folder;
  static const std::string path = [] {
    write_random_model(folder.path() / "tiny", {});
    return folder / "tiny";
  }();
  return path;
}

}  // namespace easel
