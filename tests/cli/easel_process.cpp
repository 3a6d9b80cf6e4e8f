#include "cli/easel_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "pipelines/random_model.h"

namespace easel {
namespace {

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "easel_test_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

void redirect(const std::filesystem::path& path, int descriptor) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(127);
}

}  // namespace

EaselProcess::EaselProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  const std::filesystem::path output = new_folder();
  out_path_ = output / "out";
  err_path_ = output / "err";
  std::vector<std::string> words{EASEL_BINARY_DIR "/bin/easel"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ != 0) return;
  redirect(out_path_, STDOUT_FILENO);
  redirect(err_path_, STDERR_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(127);
  execv(argv[0], argv.data());
  _exit(127);
}

EaselProcess::~EaselProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::filesystem::remove_all(out_path_.parent_path());
}

void EaselProcess::send_signal(int signal) const { kill(pid_, signal); }

ProcessResult EaselProcess::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return {.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = content(out_path_),
          .err = content(err_path_)};
}

ProcessResult run_easel(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  return EaselProcess(arguments, folder).wait();
}

TemporaryFolder::TemporaryFolder() : path_(new_folder()) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> TemporaryFolder::file_names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

const std::string& tiny_model() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    write_random_model(folder.path() / "tiny", {});
    return folder / "tiny";
  }();
  return path;
}

}  // namespace easel
