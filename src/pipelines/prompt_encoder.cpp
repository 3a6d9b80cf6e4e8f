#include "pipelines/prompt_encoder.h"

#include <algorithm>

#include "easel/error.h"
#include "text/prompt_chunks.h"
#include "text/token_weights.h"

namespace easel {
namespace {

// The layer that conditions the U-Net. Webui: "Clip skip"; diffusers: clip_skip + 1.
Tensor conditioning_layer(const ClipTextModel& encoder, const ClipTextOutput& output, const PromptOptions& options) {
  const int64_t count = static_cast<int64_t>(output.hidden_states.size());
  const int64_t skip = options.clip_skip > 0 ? options.clip_skip : options.penultimate_unnormed ? 2 : 1;
  if (skip >= count)
    throw Error(ErrorCode::InvalidArgument, "[text_encoder] clip_skip = " + std::to_string(skip) + "; must be 1.." +
                                                std::to_string(count - 1) + " for this model");
  const Tensor& hidden = output.hidden_states[static_cast<size_t>(count - skip)];
  if (options.penultimate_unnormed) return hidden;
  return skip == 1 ? output.last_hidden_state : encoder.final_norm(hidden);
}

PromptEmbeddings encode_with(const TextTower& tower, const PromptChunks& prompt, const PromptOptions& options) {
  std::vector<int32_t> ids;
  std::vector<float> weights;
  for (const TokenChunk& chunk : prompt.chunks) {
    ids.insert(ids.end(), chunk.ids.begin(), chunk.ids.end());
    weights.insert(weights.end(), chunk.weights.begin(), chunk.weights.end());
  }
  const auto count = static_cast<int64_t>(prompt.chunks.size());
  const int64_t length = static_cast<int64_t>(ids.size()) / count;
  const ClipTextOutput output = tower.encoder(Tensor::from({count, length}, ids));
  const Tensor hidden = apply_token_weights(conditioning_layer(tower.encoder, output, options), weights,
                                            Emphasis::original);  // [chunks, 77, D]
  PromptEmbeddings embeddings;
  embeddings.encoder_hidden_states = reshape(hidden, {1, count * length, hidden.dim(2)});
  if (output.text_embeds.defined()) embeddings.text_embeds = slice(output.text_embeds, 0, 0, 1);
  return embeddings;
}

PromptEmbeddings joined(const std::vector<PromptEmbeddings>& towers) {
  std::vector<Tensor> hidden;
  for (const PromptEmbeddings& tower : towers) hidden.push_back(tower.encoder_hidden_states);
  return {.encoder_hidden_states = concat(hidden, -1), .text_embeds = towers.back().text_embeds};
}

}  // namespace

TowerChunks tokenize_prompt(const std::vector<TextTower>& towers, const std::string& prompt,
                            const PromptOptions& options) {
  TowerChunks chunks;
  for (const TextTower& tower : towers)
    chunks.push_back(chunk_prompt(tower.tokenizer, prompt, {.weighting = options.weighting}));
  pad_to_chunks(towers, num_chunks(chunks), chunks);
  return chunks;
}

size_t num_chunks(const TowerChunks& prompt) {
  size_t count = 1;
  for (const PromptChunks& of_tower : prompt) count = std::max(count, of_tower.chunks.size());
  return count;
}

void pad_to_chunks(const std::vector<TextTower>& towers, size_t count, TowerChunks& prompt) {
  for (size_t i = 0; i < towers.size(); ++i) pad_to_chunks(towers[i].tokenizer, count, prompt[i]);
}

PromptEmbeddings encode_prompt(const std::vector<TextTower>& towers, const TowerChunks& prompt,
                               const PromptOptions& options) {
  std::vector<PromptEmbeddings> encoded;
  for (size_t i = 0; i < towers.size(); ++i) encoded.push_back(encode_with(towers[i], prompt[i], options));
  return joined(encoded);
}

}  // namespace easel
