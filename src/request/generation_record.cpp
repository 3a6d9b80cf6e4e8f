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

std::string digital_source_xmp(const GenerationParameters& parameters) {
  const Task task = parse_task(parameters.task);
  const bool from_words = !parameters.image.given() && !parameters.to_image.given();
  const char* const type = task == Task::text_to_image || (task == Task::morph && from_words)
                               ? "trainedAlgorithmicMedia"
                           : task == Task::denoise || task == Task::upscale ? "algorithmicallyEnhanced"
                                                                            : "compositeWithTrainedAlgorithmicMedia";
  return std::string("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>") +
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
         "<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
         "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" xmp:CreatorTool=\"Easel " +
         kVersion + "\" Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/" + type +
         "\"/></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";
}

}  // namespace easel
