// Which model `easel generate` takes when none is named.
#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/easel_process.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

// EASEL_MODEL for one test; processes that the test starts inherit it.
class ScopedModelVariable {
 public:
  explicit ScopedModelVariable(const std::string& value) { setenv("EASEL_MODEL", value.c_str(), 1); }
  ~ScopedModelVariable() { unsetenv("EASEL_MODEL"); }
};

ProcessResult generate_without_model(const fs::path& folder, const std::string& program = kBuiltEasel) {
  return run_easel({"generate", "a cat", "--steps", "1", "-s", "1", "-W", "16", "-H", "16", "-o", "cat.png"}, folder,
                   program);
}

// A copy of the program in `program_folder` of an otherwise empty tree, with the tiny model in `model_folder`.
void expect_found(const std::string& program_folder, const std::string& model_folder) {
  unsetenv("EASEL_MODEL");
  const test::TemporaryFolder tree;
  fs::create_directories(tree.path() / program_folder);
  const fs::path program = tree.path() / program_folder / "easel";
  fs::copy_file(kBuiltEasel, program);
  fs::create_directories(tree.path() / model_folder);
  fs::copy(tiny_model(), tree.path() / model_folder, fs::copy_options::recursive);
  const ProcessResult result = generate_without_model(tree.path(), program.string());
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_TRUE(fs::exists(tree.path() / "cat.png"));
}

TEST(DefaultModel, IsFoundInAnInstalledTree) { expect_found("bin", "share/easel/models/storybook"); }

TEST(DefaultModel, IsFoundInTheCheckoutAroundTheBuildFolder) {
  expect_found("build/bin", "models/storybook");
  expect_found("build/dev/bin", "models/storybook");
}

TEST(DefaultModel, EnvironmentNamesAnother) {
  const ScopedModelVariable variable(tiny_model());
  const test::TemporaryFolder folder;
  const ProcessResult result = generate_without_model(folder.path());
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(read_picture_metadata(folder / "cat.png").parameters.find("Model: tiny"), std::string::npos);
}

TEST(DefaultModel, AbsentOneIsOneLineThatSaysWhereAndHow) {
  unsetenv("EASEL_MODEL");
  const test::TemporaryFolder tree;
  fs::create_directories(tree.path() / "a/b/bin");
  const fs::path program = tree.path() / "a/b/bin/easel";
  fs::copy_file(kBuiltEasel, program);
  const ProcessResult result = generate_without_model(tree.path(), program.string());
  EXPECT_EQ(result.exit_status, 1);
  for (const char* words : {"share/easel/models/storybook", "--model", "EASEL_MODEL"})
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
}

TEST(DefaultModel, EnvironmentThatNamesNothingIsSaid) {
  const ScopedModelVariable variable("no_such_model");
  const test::TemporaryFolder folder;
  const ProcessResult result = generate_without_model(folder.path());
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.err.find("EASEL_MODEL = 'no_such_model'"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace easel
