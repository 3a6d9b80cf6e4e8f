// prompt_encoder.h — prompts to the embeddings that the U-Net attends to.
#pragma once

#include <string>
#include <vector>

#include "models/clip/clip_text_model.h"
#include "text/clip_tokenizer.h"

namespace easel {

// A tokenizer with its text encoder. SD 1.x and 2.x have one, SDXL two.
struct TextTower {
  ClipTokenizer tokenizer;
  ClipTextModel encoder;
};

struct PromptEmbeddings {
  Tensor encoder_hidden_states;  // [1, 77 * chunks, sum of the towers' hidden sizes]
  Tensor text_embeds;            // [1, D]: pooled and projected by the last tower; undefined without a projection
};

struct PromptOptions {
  bool weighting = true;              // the webui's brackets, any length; otherwise plain text cut to one chunk
  int64_t clip_skip = 0;              // 1 the last layer, 2 the last but one, …; 0 what the model was trained with
  bool penultimate_unnormed = false;  // SDXL: the last but one layer without the final norm
  bool zero_empty_negative = false;   // SDXL: an empty negative prompt gives zeros
};

struct PromptPair {
  PromptEmbeddings prompt;
  PromptEmbeddings negative;  // as many chunks as the prompt
};

// Throws InvalidArgument for text that is not UTF-8 and for a clip_skip beyond the encoder's layers.
PromptPair encode_prompts(const std::vector<TextTower>& towers, const std::string& prompt,
                          const std::string& negative_prompt, const PromptOptions& options);

}  // namespace easel
