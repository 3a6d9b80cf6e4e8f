#include "request/generation_record.h"

#include "easel/version.h"
#include "request/infotext.h"
#include "request/parameter_table.h"

namespace easel {

std::string generation_infotext(const GenerationParameters& parameters, const ModelIdentity& model,
                                const PromptTemplate& prompt_template) {
  Infotext text{.prompt = parameters.prompt, .negative_prompt = parameters.negative_prompt, .fields = {}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) text.fields.emplace_back(key, value);
  };
  for (const auto& row : generation_table().rows()) {
    if (row.infotext_key == kNotRecorded || !row.used_by(static_cast<uint32_t>(parse_task(parameters.task)))) continue;
    add(row.infotext_key, row.infotext_value ? row.infotext_value(parameters) : parameter_text(row.source(parameters)));
  }
  add("Template", prompt_template.prompt);
  add("Negative Template", prompt_template.negative_prompt);
  add("Model hash", model.hash);
  add("Model", model.name);
  add("Version", std::string("Easel ") + kVersion);
  return format_infotext(text);
}

}  // namespace easel
