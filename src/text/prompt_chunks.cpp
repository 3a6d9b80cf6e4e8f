#include "text/prompt_chunks.h"

#include <algorithm>
#include <optional>

#include "text/prompt_weighting.h"

namespace easel {
namespace {

struct Token {
  int32_t id;
  float weight;
};

size_t chunk_capacity(const ClipTokenizer& tokenizer) { return static_cast<size_t>(tokenizer.max_length()) - 2; }

// REQUIRES: tokens.size() <= chunk_capacity(tokenizer).
TokenChunk framed(const ClipTokenizer& tokenizer, const std::vector<Token>& tokens) {
  const auto length = static_cast<size_t>(tokenizer.max_length());
  TokenChunk chunk{std::vector<int32_t>(length, tokenizer.pad()), std::vector<float>(length, 1.0f)};
  chunk.ids[0] = tokenizer.bos();
  for (size_t i = 0; i < tokens.size(); ++i) {
    chunk.ids[i + 1] = tokens[i].id;
    chunk.weights[i + 1] = tokens[i].weight;
  }
  chunk.ids[tokens.size() + 1] = tokenizer.eos();
  return chunk;
}

// Fills chunks token by token.
class Chunker {
 public:
  Chunker(const ClipTokenizer& tokenizer, const ChunkOptions& options)
      : tokenizer_(tokenizer), options_(options), capacity_(chunk_capacity(tokenizer)) {
    if (const auto comma = tokenizer.encode(","); comma.size() == 1) comma_ = comma[0];
  }

  void add(int32_t id, float weight) {
    if (id == comma_) {
      if (tokens_.size() == capacity_) finish_chunk();
      last_comma_ = tokens_.size();
    } else if (tokens_.size() == capacity_) {
      finish_full_chunk();
    }
    tokens_.push_back({id, weight});
    ++num_tokens_;
  }

  void finish_chunk() {
    chunks_.push_back(framed(tokenizer_, tokens_));
    tokens_.clear();
    last_comma_.reset();
  }

  PromptChunks take() {
    if (!tokens_.empty() || chunks_.empty()) finish_chunk();
    return {std::move(chunks_), num_tokens_};
  }

 private:
  // Cuts behind the last comma where that is near enough.
  void finish_full_chunk() {
    std::vector<Token> moved;
    if (last_comma_ && tokens_.size() - *last_comma_ <= options_.comma_backtrack) {
      const auto behind_comma = tokens_.begin() + static_cast<std::ptrdiff_t>(*last_comma_ + 1);
      moved.assign(behind_comma, tokens_.end());
      tokens_.erase(behind_comma, tokens_.end());
    }
    finish_chunk();
    tokens_ = std::move(moved);
  }

  const ClipTokenizer& tokenizer_;
  const ChunkOptions options_;
  const size_t capacity_;
  std::optional<int32_t> comma_;
  std::optional<size_t> last_comma_;  // its index in tokens_
  std::vector<Token> tokens_;
  std::vector<TokenChunk> chunks_;
  size_t num_tokens_ = 0;
};

}  // namespace

PromptChunks chunk_prompt(const ClipTokenizer& tokenizer, std::string_view prompt, const ChunkOptions& options) {
  Chunker chunker(tokenizer, options);
  for (const WeightedText& part : parse_prompt(prompt)) {
    if (part.is_break) {
      chunker.finish_chunk();
      continue;
    }
    for (const int32_t id : tokenizer.encode(part.text)) chunker.add(id, static_cast<float>(part.weight));
  }
  return chunker.take();
}

PromptChunks plain_prompt(const ClipTokenizer& tokenizer, std::string_view prompt) {
  const std::vector<int32_t> ids = tokenizer.encode(prompt);
  const size_t kept = std::min(ids.size(), chunk_capacity(tokenizer));
  std::vector<Token> tokens;
  for (size_t i = 0; i < kept; ++i) tokens.push_back({ids[i], 1.0f});
  return {{framed(tokenizer, tokens)}, ids.size(), ids.size() - kept};
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
  while (prompt.chunks.size() < count) prompt.chunks.push_back(framed(tokenizer, {}));
}

}  // namespace easel
