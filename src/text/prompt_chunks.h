// prompt_chunks.h — prompts as rows of token ids that fit the text encoder.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"
#include "text/clip_tokenizer.h"

namespace easel {

// One row: bos, up to max_length - 2 ids, eos, padding to max_length (77 for CLIP).
struct TokenChunk {
  std::vector<int32_t> ids;    // [max_length]
  std::vector<float> weights;  // [max_length]; 1 for bos, eos and padding
};

struct PromptChunks {
  std::vector<TokenChunk> chunks;  // at least one
  size_t num_tokens = 0;           // of the prompt, without bos, eos and padding
  size_t num_truncated = 0;        // of them, how many did not fit; always 0 for chunk_prompt
};

struct ChunkOptions {
  // Where a chunk is full and a comma is among its last tokens, what follows the comma moves to the next chunk. This
  // is how many tokens may move; 0 cuts anywhere. The webui's default.
  size_t comma_backtrack = 20;
};

// Weighting (prompt_weighting.h) and as many chunks as the prompt needs; each weighted part is tokenised by itself.
// BREAK fills the current chunk up with padding. Throws as parse_prompt and ClipTokenizer::encode do.
PromptChunks chunk_prompt(const ClipTokenizer& tokenizer, std::string_view prompt, const ChunkOptions& options = {});

// The prompt as it stands, brackets being text, in one chunk; what does not fit is cut off, as diffusers does.
PromptChunks plain_prompt(const ClipTokenizer& tokenizer, std::string_view prompt);

// plain_prompt of each text as the text encoder reads it: [texts, max_length] i32. Throws as ClipTokenizer::encode
// does.
Tensor plain_prompt_ids(const ClipTokenizer& tokenizer, std::span<const std::string> texts);

// Appends empty chunks until there are `count`, so that prompt and negative prompt are equally long.
void pad_to_chunks(const ClipTokenizer& tokenizer, size_t count, PromptChunks& prompt);

}  // namespace easel
