// generation_record.h — how a picture was made, in the forms that are stored inside it.
#pragma once

#include <string>

#include "easel/parameters.h"

namespace easel {

// What the prompts were drawn from (text/language/dynamic_prompt.h); empty where they stand as they were written.
struct PromptTemplate {
  std::string prompt, negative_prompt;
};

struct ModelIdentity {
  std::string name;
  std::string hash;  // first ten hex digits of the file's SHA-256; empty for a folder
};

// parameters: with every choice resolved (size, seed of this picture, one image).
// The webui's infotext: prompt, negative prompt and one line of "Key: value".
std::string generation_infotext(const GenerationParameters& parameters, const ModelIdentity& model,
                                const PromptTemplate& prompt_template = {});

// An XMP packet that says what kind of picture it is by IPTC's NewsCodes "digitalsourcetype": made by a trained model,
// a composite with such a part, or improved by an algorithm.
std::string digital_source_xmp(const GenerationParameters& parameters);

}  // namespace easel
