// golden_test FOLDER [KIND[/NAME] …] — runs the cases of a golden folder: a line per case, a summary, exit status 1 on
// a failure. Cases of a kind that has no runner yet are skipped, each with its kind.
#include <algorithm>
#include <cstdio>
#include <exception>

#include "easel/error.h"
#include "golden/case_runners.h"

namespace easel::golden {
namespace {

void print(const GoldenCase& golden_case, const CaseReport& report) {
  const char* verdict = report.skipped() ? "skip" : report.passed() ? "pass" : "FAIL";
  std::printf("%s  %-16s %-44s ", verdict, golden_case.kind().c_str(), golden_case.name().c_str());
  if (report.skipped())
    std::printf("%s\n", report.skip_reason().c_str());
  else
    std::printf("max abs %.2e  max rel %.2e\n", report.max_abs_error(), report.max_rel_error());
  for (const std::string& failure : report.failures()) std::printf("      %s\n", failure.c_str());
  std::fflush(stdout);
}

bool selected(const GoldenCase& golden_case, const std::vector<std::string>& filters) {
  const std::string full_name = golden_case.kind() + "/" + golden_case.name();
  return filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const std::string& filter) {
           return filter == golden_case.kind() || filter == full_name;
         });
}

int run_folder(const std::filesystem::path& root, const std::vector<std::string>& filters) {
  int passed = 0, failed = 0, skipped = 0;
  for (const auto& folder : find_cases(root)) {
    const GoldenCase golden_case = load_case(folder);
    if (!selected(golden_case, filters)) continue;
    const CaseReport report = run_case(golden_case);
    print(golden_case, report);
    ++(report.skipped() ? skipped : report.passed() ? passed : failed);
  }
  for (const std::string& kind : unsupported_manifests(root)) {
    if (!filters.empty() && std::find(filters.begin(), filters.end(), kind) == filters.end()) continue;
    std::printf("skip  %-16s %-44s kind %s is not supported\n", kind.c_str(), "manifest.json", kind.c_str());
    ++skipped;
  }
  std::printf("golden: %d passed, %d failed, %d skipped\n", passed, failed, skipped);
  if (passed + failed + skipped == 0) throw Error(ErrorCode::NotFound, "[golden] no case in " + root.string());
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace easel::golden

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: golden_test FOLDER [KIND[/NAME] ...]\n");
    return 2;
  }
  try {
    return easel::golden::run_folder(argv[1], {argv + 2, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "golden_test: %s\n", error.what());
    return 1;
  }
}
