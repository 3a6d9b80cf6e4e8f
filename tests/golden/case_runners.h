// case_runners.h — the runners, one per kind of case. To add a kind: write <kind>_cases.cpp, declare its function here
// and enter it in the table of case_runners.cpp.
#pragma once

#include "golden/golden_case.h"

namespace easel::golden {

// kind -> runner, for every supported kind.
const std::map<std::string, CaseRunner>& case_runners();

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
