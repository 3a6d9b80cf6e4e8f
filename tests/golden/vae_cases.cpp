#include "golden/case_runners.h"
#include "golden/network_weights.h"
#include "models/vae/autoencoder_kl.h"

namespace easel::golden {
namespace {

AutoencoderKL load_vae(const GoldenCase& golden_case) {
  nlohmann::json config = diffusers_config(golden_case);
  config["scaling_factor"] = golden_case.spec.at("params").at("scaling_factor");
  const WeightMap weights = component_weights(golden_case, golden_case.spec.at("model"), "vae", config);
  CheckpointWeights source(weights, "vae");
  return AutoencoderKL(AutoencoderConfig::from_json(config), source);
}

}  // namespace

void run_vae_encode_case(const GoldenCase& golden_case, CaseReport& report) {
  const AutoencoderKL vae = load_vae(golden_case);
  for (int call = 0; golden_case.has_input("image_" + std::to_string(call)); ++call) {
    const std::string suffix = "_" + std::to_string(call);
    const LatentDistribution distribution = vae.encode(nchw_to_nhwc(golden_case.input_f32("image" + suffix)));
    report.check("moments" + suffix, nhwc_to_nchw(distribution.moments));
    report.check("mean" + suffix, nhwc_to_nchw(distribution.mean));
    report.check("logvar" + suffix, nhwc_to_nchw(distribution.logvar));
    const Tensor latents = distribution.sample(nchw_to_nhwc(golden_case.input_f32("noise" + suffix)));
    report.check("latents" + suffix, nhwc_to_nchw(weighted_sum({{vae.config().scaling_factor, latents}})));
  }
}

void run_vae_decode_case(const GoldenCase& golden_case, CaseReport& report) {
  const AutoencoderKL vae = load_vae(golden_case);
  for (int call = 0; golden_case.has_input("latents_" + std::to_string(call)); ++call) {
    const std::string suffix = "_" + std::to_string(call);
    const Tensor latents = nchw_to_nhwc(golden_case.input_f32("latents" + suffix));
    report.check("image" + suffix, nhwc_to_nchw(vae.decode(latents)));
    report.check("image" + suffix, nhwc_to_nchw(vae.decode(latents, 8)));
  }
}

}  // namespace easel::golden
