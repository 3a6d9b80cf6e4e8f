#include "golden/case_runners.h"

#include <algorithm>
#include <exception>

namespace easel::golden {

const std::map<std::string, CaseRunner>& case_runners() {
  static const std::map<std::string, CaseRunner> runners = {
      {"ckpt", run_ckpt_case},
      {"pipeline", run_pipeline_case},
      {"rng", run_rng_case},
      {"sampler", run_sampler_case},
      {"scheduler", run_scheduler_case},
      {"text_encoder", run_text_encoder_case},
      {"tokenizer", run_tokenizer_case},
      {"training", run_training_case},
      {"unet", run_unet_case},
      {"vae_decode", run_vae_decode_case},
      {"vae_encode", run_vae_encode_case},
  };
  return runners;
}

CaseReport run_case(const GoldenCase& golden_case) {
  CaseReport report(golden_case);
  const auto runner = case_runners().find(golden_case.kind());
  if (runner == case_runners().end()) {
    report.skip("kind " + golden_case.kind() + " is not supported");
    return report;
  }
  try {
    runner->second(golden_case, report);
    if (!report.skipped()) report.require_all_checked();
  } catch (const std::exception& error) {
    report.fail(error.what());
  }
  return report;
}

std::vector<std::filesystem::path> find_cases(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
    if (entry.path().filename() == "case.json") folders.push_back(entry.path().parent_path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::vector<std::string> unsupported_manifests(const std::filesystem::path& root) {
  std::vector<std::string> kinds;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string kind = entry.path().filename();
    if (kind != "hostile" && std::filesystem::exists(entry.path() / "manifest.json")) kinds.push_back(kind);
  }
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

}  // namespace easel::golden
