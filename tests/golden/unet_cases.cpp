#include "easel/error.h"
#include "golden/case_runners.h"
#include "golden/network_weights.h"
#include "models/unet/unet.h"

namespace easel::golden {
namespace {

std::vector<float> floats(const Tensor& tensor) { return tensor.to_vector(); }

// The timestep between the integers that "expected_float_t" was made with: "UNet output for call 0 at timestep
// 499.375".
float fractional_timestep(const GoldenCase& golden_case) {
  const std::string meaning = golden_case.spec.at("expected").at("expected_float_t").at("meaning");
  const size_t at = meaning.rfind("timestep ");
  if (at == meaning.npos) throw Error(ErrorCode::Unsupported, "[golden] expected_float_t does not say its timestep");
  return std::stof(meaning.substr(at + std::string("timestep ").size()));
}

UNetInputs call_inputs(const GoldenCase& golden_case, const std::string& prefix) {
  UNetInputs inputs;
  inputs.sample = nchw_to_nhwc(golden_case.input_f32(prefix + "sample"));
  inputs.timesteps = floats(golden_case.input(prefix + "timestep"));
  inputs.encoder_hidden_states = golden_case.input_f32(prefix + "context");
  if (golden_case.has_input(prefix + "class_labels")) {
    const Tensor& labels = golden_case.input(prefix + "class_labels");
    inputs.class_labels = labels.rank() == 1 ? golden_case.input_i32(prefix + "class_labels") : labels.to_f32();
  }
  if (golden_case.has_input(prefix + "text_embeds")) {
    inputs.text_embeds = golden_case.input_f32(prefix + "text_embeds");
    inputs.time_ids = floats(golden_case.input(prefix + "time_ids"));
  }
  return inputs;
}

}  // namespace

void run_unet_case(const GoldenCase& golden_case, CaseReport& report) {
  const nlohmann::json config = diffusers_config(golden_case);
  const WeightMap weights = component_weights(golden_case, golden_case.spec.at("model"), "unet", config);
  CheckpointWeights source(weights, "unet");
  const UNet2DConditionModel unet(UNetConfig::from_json(config), source);
  for (int call = 0; golden_case.has_input("input_" + std::to_string(call) + "_sample"); ++call) {
    const UNetInputs inputs = call_inputs(golden_case, "input_" + std::to_string(call) + "_");
    report.check("expected_" + std::to_string(call), nhwc_to_nchw(unet(inputs)));
  }
  if (golden_case.expects("expected_float_t")) {
    UNetInputs inputs = call_inputs(golden_case, "input_0_");
    inputs.timesteps.assign(inputs.timesteps.size(), fractional_timestep(golden_case));
    report.check("expected_float_t", nhwc_to_nchw(unet(inputs)));
  }
}

}  // namespace easel::golden
