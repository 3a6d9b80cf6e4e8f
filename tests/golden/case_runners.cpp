#include "golden/case_runners.h"

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

}  // namespace easel::golden
