// Which variant of the cpu kernels runs, and what forcing one does. The environment is read once per process, so the
// tests of it run this program again with it set.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "easel/error.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/peak.h"
#include "tensor/parallel.h"

namespace easel {
namespace {

// What this test program prints when it runs the test `name` with EASEL_CPU_KERNELS set.
std::string run_with_kernels(const std::string& variant, const std::string& name) {
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string command = "EASEL_CPU_KERNELS=" + variant + " '" + program +
                              "' --gtest_also_run_disabled_tests --gtest_filter=" + name + " 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (const size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), count);
  pclose(pipe);
  return output;
}

// Run by the tests below in their own process.
TEST(KernelSelection, DISABLED_PrintsTheVariantInUse) {
  try {
    std::printf("kernels: %s\n", cpu::kernels_name());
  } catch (const Error& error) {
    std::printf("error: %s\n", error.what());
  }
}
constexpr const char* kPrint = "KernelSelection.DISABLED_PrintsTheVariantInUse";

TEST(KernelSelection, EnvironmentForcesEverySupportedVariant) {
  for (const std::string& name : cpu::supported_kernels())
    EXPECT_NE(run_with_kernels(name, kPrint).find("kernels: " + name + "\n"), std::string::npos) << name;
}

TEST(KernelSelection, UnknownNameIsRefusedWithTheSupportedOnes) {
  std::string list;
  for (const std::string& name : cpu::supported_kernels()) list += (list.empty() ? "" : ", ") + name;
  const std::string expected = "error: [cpu] EASEL_CPU_KERNELS = mmx; this CPU runs " + list + "\n";
  const std::string output = run_with_kernels("mmx", kPrint);
  EXPECT_NE(output.find(expected), std::string::npos) << output;
}

TEST(KernelSelection, ReferenceIsAlwaysTheLastChoice) {
  EXPECT_EQ(cpu::supported_kernels().back(), "reference");
  EXPECT_THROW(cpu::force_kernels("mmx"), Error);
}

TEST(Peak, IsPositiveAndRestoresTheNumberOfThreads) {
  const int threads = thread_count();
  EXPECT_GT(cpu::measure_peak_gflops(1), 0.1);
  EXPECT_EQ(thread_count(), threads);
}

}  // namespace
}  // namespace easel
