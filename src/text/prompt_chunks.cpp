#include "text/prompt_chunks.h"

#include <algorithm>
#include <optional>

#include "text/prompt_syntax.h"
#include "text/prompt_weighting.h"

namespace easel {
namespace {

ChunkFrame frame_of(const ClipTokenizer& tokenizer) {
  return {.bos = tokenizer.bos(),
          .eos = tokenizer.eos(),
          .pad = tokenizer.pad(),
          .max_length = static_cast<size_t>(tokenizer.max_length())};
}

std::optional<int32_t> comma_of(const ClipTokenizer& tokenizer) {
  const std::vector<int32_t> ids = tokenizer.encode(",");
  return ids.size() == 1 ? std::optional(ids[0]) : std::nullopt;
}

}  // namespace

PromptChunks chunk_prompt(const ClipTokenizer& tokenizer, std::string_view prompt, const ChunkOptions& options) {
  TokenChunker chunker(frame_of(tokenizer), comma_of(tokenizer), options);
  size_t num_tokens = 0;
  for (const WeightedText& part : weighted_texts(read_prompt_syntax(prompt))) {
    if (part.is_break) {
      chunker.finish_chunk();
      continue;
    }
    const std::vector<int32_t> ids = tokenizer.encode(part.text);
    for (const int32_t id : ids) chunker.add({id, static_cast<float>(part.weight)});
    num_tokens += ids.size();
  }
  return {chunker.take(), num_tokens};
}

PromptChunks plain_prompt(const ClipTokenizer& tokenizer, std::string_view prompt) {
  const std::vector<int32_t> ids = tokenizer.encode(prompt);
  const ChunkFrame frame = frame_of(tokenizer);
  const size_t kept = std::min(ids.size(), frame.capacity());
  std::vector<WeightedToken> tokens;
  for (size_t i = 0; i < kept; ++i) tokens.push_back({ids[i], 1.0f});
  return {{framed(frame, tokens)}, ids.size(), ids.size() - kept};
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
  while (prompt.chunks.size() < count) prompt.chunks.push_back(framed(frame_of(tokenizer), {}));
}

}  // namespace easel
