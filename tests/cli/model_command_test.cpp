#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "build_paths.h"
#include "cli/easel_process.h"
#include "golden/golden_folder.h"

namespace easel {
namespace {

TEST(Easel, PrintsItsVersionAndHelp) {
  const ProcessResult version = run_easel({"--version"});
  EXPECT_EQ(version.exit_status, 0);
  EXPECT_EQ(version.out.rfind("easel 0.", 0), 0u) << version.out;
  EXPECT_NE(run_easel({"--help"}).out.find("generate"), std::string::npos);
  EXPECT_EQ(run_easel({}).exit_status, 2);
}

TEST(Parameters, DocumentationPageIsTheTable) {
  std::ifstream page(test::source_path("docs/parameters.md"));
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  EXPECT_EQ(run_easel({"parameters", "--markdown"}).out, text) << "easel parameters --markdown > docs/parameters.md";
}

TEST(ModelInspect, DescribesAFolder) {
  const ProcessResult result = run_easel({"model", "inspect", tiny_model(), "--json"});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out);
  for (const char* component : {"unet", "vae", "text_encoder"})
    EXPECT_TRUE(json.at("components").contains(component)) << json;
  EXPECT_EQ(run_easel({"model", "inspect", "no_such_model"}).exit_status, 1);
}

TEST(ModelRandom, DoesNotWriteIntoAFolderThatHoldsSomething) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(run_easel({"model", "random", folder / "model"}).exit_status, 0);
  EXPECT_EQ(run_easel({"model", "random", folder / "model"}).exit_status, 2);
  EXPECT_EQ(run_easel({"model", "random", folder / "other", "--shape", "sd99"}).exit_status, 2);
}

// Malformed and malicious files: the controls load, everything else is refused with one line and exit status 1, also
// where the manifest would allow to load it.
TEST(ModelInspect, HostileFilesAreRefusedWithOneLine) {
  const std::filesystem::path folder = golden::golden_folder() / "hostile";
  std::ifstream manifest(folder / "manifest.json");
  const nlohmann::json files = nlohmann::json::parse(manifest).at("files");
  ASSERT_GT(files.size(), 100u);
  const test::TemporaryFolder working;
  for (const auto& [name, entry] : files.items()) {
    const ProcessResult result = run_easel({"model", "inspect", (folder / name).string()}, working.path());
    if (entry.at("must") == "load") {
      EXPECT_EQ(result.exit_status, 0) << name << ": " << result.err;
      continue;
    }
    EXPECT_EQ(result.exit_status, 1) << name << ": " << result.err;
    EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << name << " gets other than one line: " << result.err;
  }
  EXPECT_TRUE(working.file_names().empty()) << "a file was written, perhaps by a pickle that ran";
}

}  // namespace
}  // namespace easel
