// token_chunker.h — token ids in rows that fit the text encoder.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "text/chunk_frame.h"

namespace easel {

// One row: bos, up to max_length - 2 ids, eos, padding to max_length (77 for CLIP).
struct TokenChunk {
  std::vector<int32_t> ids;    // [max_length]
  std::vector<float> weights;  // [max_length]; 1 for bos, eos and padding
};

struct WeightedToken {
  int32_t id;
  float weight;
};

// REQUIRES: tokens.size() <= frame.capacity().
TokenChunk framed(const ChunkFrame& frame, const std::vector<WeightedToken>& tokens);

// Fills chunks token by token.
class TokenChunker {
 public:
  // comma: the id of ",", where it is one token. Where a chunk is full and a comma is among its last tokens, what
  // follows the comma moves to the next chunk: `comma_backtrack` tokens at most; 0 cuts anywhere.
  TokenChunker(const ChunkFrame& frame, std::optional<int32_t> comma, size_t comma_backtrack)
      : frame_(frame), comma_(comma), comma_backtrack_(comma_backtrack) {}

  void add(WeightedToken token);
  void finish_chunk();
  // At least one chunk.
  std::vector<TokenChunk> take();

 private:
  void finish_full_chunk();

  ChunkFrame frame_;
  std::optional<int32_t> comma_;
  size_t comma_backtrack_;
  std::optional<size_t> last_comma_;  // its index in tokens_
  std::vector<WeightedToken> tokens_;
  std::vector<TokenChunk> chunks_;
};

}  // namespace easel
