// prompt_encoder.h — a prompt to the embeddings that the U-Net attends to, through one or more text encoders.
#pragma once

#include <string>
#include <vector>

#include "models/clip/clip_text_model.h"
#include "text/clip_tokenizer.h"
#include "text/prompt_chunks.h"

namespace easel {

// A tokenizer with its text encoder. SD 1.x and 2.x have one, SDXL two.
struct TextTower {
  ClipTokenizer tokenizer;
  ClipTextModel encoder;
};

struct PromptOptions {
  bool weighting = true;              // the webui's brackets, any length; otherwise plain text cut to one chunk
  int64_t clip_skip = 0;              // 1 the last layer, 2 the last but one, …; 0 what the model was trained with
  bool penultimate_unnormed = false;  // SDXL: the last but one layer without the final norm
};

using TowerChunks = std::vector<PromptChunks>;  // of one prompt, for each tower

// As many chunks for every tower as the longest needs. Throws InvalidArgument for text that is not UTF-8.
TowerChunks tokenize_prompt(const std::vector<TextTower>& towers, const std::string& prompt,
                            const PromptOptions& options);
size_t num_chunks(const TowerChunks& prompt);
// Adds empty chunks. REQUIRES: count >= num_chunks(prompt).
void pad_to_chunks(const std::vector<TextTower>& towers, size_t count, TowerChunks& prompt);

struct PromptEmbeddings {
  Tensor encoder_hidden_states;  // [N, 77 * chunks, sum of the towers' hidden sizes]
  Tensor text_embeds;            // [N, D]: pooled and projected by the last tower; undefined without a projection
};

// One row. Throws InvalidArgument for a clip_skip beyond the encoder's layers.
PromptEmbeddings encode_prompt(const std::vector<TextTower>& towers, const TowerChunks& prompt,
                               const PromptOptions& options);

}  // namespace easel
