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
  size_t num_truncated = 0;        // of them, how many did not fit; 0 with weighting
};

struct ChunkOptions {
  // Brackets weigh (prompt_weighting.h), and the prompt takes as many chunks as it needs. Otherwise brackets are text,
  // and what does not fit into one chunk is cut off, as diffusers does.
  bool weighting = true;
  // How many tokens may move to the next chunk, to cut at a comma; 0 cuts anywhere. The webui's default.
  size_t comma_backtrack = 20;
};

// Syntax (prompt_syntax.h), weights (prompt_weighting.h), ids (clip_tokenizer.h) and chunks; each weighted part is
// tokenised by itself. BREAK fills the current chunk up with padding. Throws as read_prompt_syntax, weighted_texts and
// ClipTokenizer::encode do.
PromptChunks chunk_prompt(const ClipTokenizer& tokenizer, std::string_view prompt, const ChunkOptions& options = {});

// chunk_prompt without weighting: one chunk.
PromptChunks plain_prompt(const ClipTokenizer& tokenizer, std::string_view prompt);

// plain_prompt of each text as the text encoder reads it: [texts, max_length] i32. Throws as ClipTokenizer::encode
// does.
Tensor plain_prompt_ids(const ClipTokenizer& tokenizer, std::span<const std::string> texts);

// Appends empty chunks until there are `count`, so that prompt and negative prompt are equally long.
void pad_to_chunks(const ClipTokenizer& tokenizer, size_t count, PromptChunks& prompt);

}  // namespace easel
