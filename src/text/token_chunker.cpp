#include "text/token_chunker.h"

#include <utility>

namespace easel {

TokenChunk framed(const ChunkFrame& frame, const std::vector<WeightedToken>& tokens) {
  TokenChunk chunk{std::vector<int32_t>(frame.max_length, frame.pad), std::vector<float>(frame.max_length, 1.0f)};
  chunk.ids[0] = frame.bos;
  for (size_t i = 0; i < tokens.size(); ++i) {
    chunk.ids[i + 1] = tokens[i].id;
    chunk.weights[i + 1] = tokens[i].weight;
  }
  chunk.ids[tokens.size() + 1] = frame.eos;
  return chunk;
}

void TokenChunker::add(WeightedToken token) {
  if (token.id == comma_) {
    if (tokens_.size() == frame_.capacity()) finish_chunk();
    last_comma_ = tokens_.size();
  } else if (tokens_.size() == frame_.capacity()) {
    finish_full_chunk();
  }
  tokens_.push_back(token);
}

void TokenChunker::finish_chunk() {
  chunks_.push_back(framed(frame_, tokens_));
  tokens_.clear();
  last_comma_.reset();
}

std::vector<TokenChunk> TokenChunker::take() {
  if (!tokens_.empty() || chunks_.empty()) finish_chunk();
  return std::move(chunks_);
}

// Cuts behind the last comma where that is near enough.
void TokenChunker::finish_full_chunk() {
  std::vector<WeightedToken> moved;
  if (last_comma_ && tokens_.size() - *last_comma_ <= comma_backtrack_) {
    const auto behind_comma = tokens_.begin() + static_cast<std::ptrdiff_t>(*last_comma_ + 1);
    moved.assign(behind_comma, tokens_.end());
    tokens_.erase(behind_comma, tokens_.end());
  }
  finish_chunk();
  tokens_ = std::move(moved);
}

}  // namespace easel
