// temporary_folder.h — a folder of its own for a test, removed with all it holds at the end.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace easel::test {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::vector<std::string> file_names() const;  // of files and folders directly in it; sorted
  // Writes a file of the folder (its parents are created) and returns its path.
  std::filesystem::path write(const std::string& name, const std::string& content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace easel::test
