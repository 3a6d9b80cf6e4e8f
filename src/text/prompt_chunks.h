// prompt_chunks.h — prompts as rows of token ids that fit the text encoder.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"
#include "text/clip_tokenizer.h"
#include "text/token_chunker.h"

namespace easel {

struct PromptChunks {
  std::vector<TokenChunk> chunks;  // at least one
  size_t num_tokens = 0;           // of the prompt, without bos, eos and padding
  size_t num_truncated = 0;        // of them, how many did not fit; always 0 for chunk_prompt
};

// Syntax (prompt_syntax.h), weights (prompt_weighting.h), ids (clip_tokenizer.h) and as many chunks as the prompt
// needs; each weighted part is tokenised by itself. BREAK fills the current chunk up with padding. Throws as
// read_prompt_syntax, weighted_texts and ClipTokenizer::encode do.
PromptChunks chunk_prompt(const ClipTokenizer& tokenizer, std::string_view prompt, const ChunkOptions& options = {});

// The prompt as it stands, brackets being text, in one chunk; what does not fit is cut off, as diffusers does.
PromptChunks plain_prompt(const ClipTokenizer& tokenizer, std::string_view prompt);

// plain_prompt of each text as the text encoder reads it: [texts, max_length] i32. Throws as ClipTokenizer::encode
// does.
Tensor plain_prompt_ids(const ClipTokenizer& tokenizer, std::span<const std::string> texts);

// Appends empty chunks until there are `count`, so that prompt and negative prompt are equally long.
void pad_to_chunks(const ClipTokenizer& tokenizer, size_t count, PromptChunks& prompt);

}  // namespace easel
