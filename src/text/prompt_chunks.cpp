#include "text/prompt_chunks.h"

#include <algorithm>

#include "text/prompt_syntax.h"
#include "text/prompt_weighting.h"

namespace easel {
namespace {

// The parts of a prompt that weigh alike.
std::vector<WeightedText> parts_of(std::string_view prompt, bool weighting) {
  if (weighting) return weighted_texts(read_prompt_syntax(prompt));
  return {{.text = std::string(prompt)}};
}

}  // namespace

PromptChunks chunk_prompt(const ClipTokenizer& tokenizer, std::string_view prompt, const ChunkOptions& options) {
  const ChunkFrame& frame = tokenizer.frame();
  TokenChunker chunker(frame, tokenizer.comma(), options.weighting ? options.comma_backtrack : 0);
  size_t num_tokens = 0;
  for (const WeightedText& part : parts_of(prompt, options.weighting)) {
    if (part.is_break) {
      chunker.finish_chunk();
      continue;
    }
    const std::vector<int32_t> ids = tokenizer.encode(part.text);
    for (const int32_t id : ids) chunker.add({id, static_cast<float>(part.weight)});
    num_tokens += ids.size();
  }
  PromptChunks result{chunker.take(), num_tokens};
  if (!options.weighting) {
    result.chunks.resize(1);
    result.num_truncated = num_tokens - std::min(num_tokens, frame.capacity());
  }
  return result;
}

PromptChunks plain_prompt(const ClipTokenizer& tokenizer, std::string_view prompt) {
  return chunk_prompt(tokenizer, prompt, {.weighting = false});
}

Tensor plain_prompt_ids(const ClipTokenizer& tokenizer, std::span<const std::string> texts) {
  const int64_t length = tokenizer.max_length();
  Tensor ids = Tensor::empty({static_cast<int64_t>(texts.size()), length}, DType::i32);
  int32_t* row = ids.data<int32_t>();
  for (const std::string& text : texts) {
    std::ranges::copy(plain_prompt(tokenizer, text).chunks.front().ids, row);
    row += length;
  }
  return ids;
}

void pad_to_chunks(const ClipTokenizer& tokenizer, size_t count, PromptChunks& prompt) {
  while (prompt.chunks.size() < count) prompt.chunks.push_back(framed(tokenizer.frame(), {}));
}

}  // namespace easel
