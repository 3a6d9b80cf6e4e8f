// case_runners.h — the runners, one per kind of case. To add a kind: write <kind>_cases.cpp, declare its function here
// and enter it in the table of case_runners.cpp.
#pragma once

#include "golden/golden_case.h"

namespace easel::golden {

// kind -> runner, for every supported kind.
const std::map<std::string, CaseRunner>& case_runners();

// Runs one case. A kind without a runner is skipped, and the reason names it; an exception is a failure.
CaseReport run_case(const GoldenCase& golden_case);

// The folders below `root` that hold a case.json, sorted.
std::vector<std::filesystem::path> find_cases(const std::filesystem::path& root);

// Kinds that are a folder of hostile files with a manifest.json, and that no test walks yet, sorted. hostile/ itself is
// walked by checkpoints_test.
std::vector<std::string> unsupported_manifests(const std::filesystem::path& root);

void run_ckpt_case(const GoldenCase& golden_case, CaseReport& report);
void run_rng_case(const GoldenCase& golden_case, CaseReport& report);
void run_sampler_case(const GoldenCase& golden_case, CaseReport& report);
void run_scheduler_case(const GoldenCase& golden_case, CaseReport& report);
void run_pipeline_case(const GoldenCase& golden_case, CaseReport& report);
void run_text_encoder_case(const GoldenCase& golden_case, CaseReport& report);
void run_tokenizer_case(const GoldenCase& golden_case, CaseReport& report);
void run_training_case(const GoldenCase& golden_case, CaseReport& report);
void run_unet_case(const GoldenCase& golden_case, CaseReport& report);
void run_vae_decode_case(const GoldenCase& golden_case, CaseReport& report);
void run_vae_encode_case(const GoldenCase& golden_case, CaseReport& report);

}  // namespace easel::golden
