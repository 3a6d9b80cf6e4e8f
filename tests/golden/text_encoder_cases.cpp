#include "golden/case_runners.h"
#include "golden/network_weights.h"
#include "models/clip/clip_text_model.h"

namespace easel::golden {
namespace {

ClipTextModel load_encoder(const GoldenCase& golden_case, const std::string& component, const std::string& file,
                           const nlohmann::json& config) {
  const WeightMap weights = component_weights(golden_case, file, component, config);
  CheckpointWeights source(weights, component);
  return ClipTextModel(ClipTextConfig::from_json(config), source);
}

Tensor penultimate(const ClipTextOutput& output) { return output.hidden_states[output.hidden_states.size() - 2]; }

// SDXL: two encoders; the prompt embedding joins their last but one hidden states.
void run_pair(const GoldenCase& golden_case, CaseReport& report) {
  const nlohmann::json& config = golden_case.spec.at("config");
  const std::string first_file = golden_case.spec.at("model");
  const bool one_file = golden_case.spec.at("layout") == "ldm";
  const ClipTextModel first = load_encoder(golden_case, "text_encoder", first_file, config.at("text_encoder"));
  const ClipTextModel second = load_encoder(
      golden_case, "text_encoder_2", one_file ? first_file : "text_encoder_2.safetensors", config.at("text_encoder_2"));
  const ClipTextOutput output_1 = first(golden_case.input_i32("input_ids"));
  const ClipTextOutput output_2 = second(golden_case.input_i32("input_ids_2"));
  report.check("hidden_1", penultimate(output_1));
  report.check("hidden_2", penultimate(output_2));
  report.check("text_embeds", output_2.text_embeds);
  report.check("prompt_embeds", concat({penultimate(output_1), penultimate(output_2)}, -1));
}

}  // namespace

void run_text_encoder_case(const GoldenCase& golden_case, CaseReport& report) {
  const nlohmann::json& config = golden_case.spec.at("config");
  if (config.contains("text_encoder_2")) return run_pair(golden_case, report);
  const ClipTextModel encoder = load_encoder(golden_case, "text_encoder", golden_case.spec.at("model"), config);
  const ClipTextOutput output = encoder(golden_case.input_i32("input_ids"));
  report.check("last_hidden_state", output.last_hidden_state);
  report.check("pooler_output", output.pooled);
  if (!golden_case.expects("clip_skip_2")) return;
  report.check("hidden_states_m2", penultimate(output));
  report.check("clip_skip_2", encoder.final_norm(penultimate(output)));
}

}  // namespace easel::golden
