// How the plug-in is found and refused, each case in a process of its own: a process loads it once.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "build_paths.h"

namespace {

const std::string kPrograms = easel::test::built_path("").string();

std::string output_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (const size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), count);
  pclose(pipe);
  return output;
}

std::string load(const std::string& device, const std::string& environment = "") {
  return output_of(environment + " " + kPrograms + "torch_loader '" + device + "' 2>&1");
}

TEST(TorchPlugin, MissingOneSaysHowToInstallIt) {
  EXPECT_EQ(load("torch:cpu", "EASEL_TORCH_PLUGIN=/nowhere/libeasel_torch.so"),
            "NotFound: [backend] the torch plug-in is not installed (looked for /nowhere/libeasel_torch.so): install "
            "libtorch-dev and build again, or set EASEL_TORCH_PLUGIN to it\n");
}

TEST(TorchPlugin, AFileThatIsNoPluginIsNamed) {
  const auto path = std::filesystem::path(testing::TempDir()) / "not_a_plugin.so";
  std::ofstream(path) << "text";
  const std::string message = load("torch:cpu", "EASEL_TORCH_PLUGIN=" + path.string());
  EXPECT_EQ(message.rfind("NotFound: [backend] " + path.string() + " is no torch plug-in that works here: ", 0), 0u)
      << message;
  std::filesystem::remove(path);
}

TEST(TorchPlugin, LoadsIntoAProgramThatUsesLittleOfTheLibrary) {
  if (!easel::test::torch_is_built()) GTEST_SKIP() << "libeasel_torch.so was not built (LibTorch not found)";
  EXPECT_EQ(load("torch:cpu"), "loaded\n");
}

TEST(TorchPlugin, AGpuThatIsNotThereIsRefused) {
  if (!easel::test::torch_is_built()) GTEST_SKIP() << "libeasel_torch.so was not built (LibTorch not found)";
  const std::string beyond = load("cuda:4096");
  EXPECT_EQ(beyond.rfind("NotFound: [torch] device = cuda:4096; ", 0), 0u) << beyond;
}

TEST(TorchPlugin, ProgramsDoNotLinkLibTorch) {
  for (const char* program : {"torch_loader", "torch_plugin_test", "easel"}) {
    if (!std::filesystem::exists(kPrograms + program)) continue;
    const std::string dynamic = output_of("readelf -d " + kPrograms + program);
    EXPECT_NE(dynamic.find("NEEDED"), std::string::npos) << program;
    EXPECT_EQ(dynamic.find("libtorch"), std::string::npos) << program;
    EXPECT_EQ(dynamic.find("libc10"), std::string::npos) << program;
  }
}

}  // namespace
