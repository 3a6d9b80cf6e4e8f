#include "pipelines/conditioning.h"

#include <algorithm>
#include <memory>

#include "easel/error.h"
#include "ops/ops.h"

namespace easel {
namespace {

PromptEmbeddings zeros_like(const PromptEmbeddings& embeddings) {
  const auto zeroed = [](const Tensor& x) { return x.defined() ? weighted_sum({{0.0, x}}) : x; };
  return {.encoder_hidden_states = zeroed(embeddings.encoder_hidden_states),
          .text_embeds = zeroed(embeddings.text_embeds)};
}

// One row for each.
PromptEmbeddings stacked(const std::vector<PromptEmbeddings>& rows) {
  const auto part = [&](Tensor PromptEmbeddings::*member) {
    std::vector<Tensor> tensors;
    for (const PromptEmbeddings& row : rows) tensors.push_back(row.*member);
    return tensors.front().defined() ? concat(tensors, 0) : Tensor();
  };
  return {.encoder_hidden_states = part(&PromptEmbeddings::encoder_hidden_states),
          .text_embeds = part(&PromptEmbeddings::text_embeds)};
}

Branch constant_branch(PromptEmbeddings embeddings, double weight, bool unconditional) {
  const auto kept = std::make_shared<const PromptEmbeddings>(std::move(embeddings));
  return {.embeddings_at = [kept](int) -> const PromptEmbeddings& { return *kept; },
          .weight = weight,
          .unconditional = unconditional};
}

// The prompts and, behind them, the negative one: all of as many chunks.
std::vector<TowerChunks> tokenize_all(const DiffusionModel& model, const GenerationRequest& request,
                                      const PromptOptions& options) {
  const std::vector<std::string> one{request.parameters.prompt};
  std::vector<TowerChunks> all;
  for (const std::string& prompt : request.prompts.empty() ? one : request.prompts)
    all.push_back(tokenize_prompt(model.towers, prompt, options));
  TowerChunks negative = tokenize_prompt(model.towers, request.parameters.negative_prompt, options);
  const size_t count = std::max(num_chunks(all.front()), num_chunks(negative));
  for (TowerChunks& prompt : all) {
    if (std::max(num_chunks(prompt), num_chunks(negative)) != count)
      throw Error(ErrorCode::InvalidArgument,
                  "[generate] prompts of one batch must need equally many chunks of tokens");
    pad_to_chunks(model.towers, count, prompt);
  }
  pad_to_chunks(model.towers, count, negative);
  all.push_back(std::move(negative));
  return all;
}

}  // namespace

std::vector<Branch> guided_branches(PromptEmbeddings prompts, PromptEmbeddings negative, double guidance_scale) {
  if (guidance_scale == 1.0) return {constant_branch(std::move(prompts), 1.0, /*unconditional=*/false)};
  return {constant_branch(std::move(negative), 1.0 - guidance_scale, /*unconditional=*/true),
          constant_branch(std::move(prompts), guidance_scale, /*unconditional=*/false)};
}

Conditioning encode_conditioning(const DiffusionModel& model, const GenerationRequest& request) {
  const GenerationParameters& parameters = request.parameters;
  const bool xl = model.unet.config().text_time_embedding;
  const PromptOptions options{.weighting = parameters.prompt_weighting == "webui",
                              .clip_skip = parameters.clip_skip,
                              .penultimate_unnormed = xl};
  std::vector<PromptEmbeddings> rows;
  for (const TowerChunks& prompt : tokenize_all(model, request, options))
    rows.push_back(encode_prompt(model.towers, prompt, options));
  PromptEmbeddings negative = std::move(rows.back());
  rows.pop_back();
  if (model.zero_empty_negative && parameters.negative_prompt.empty()) negative = zeros_like(rows.front());
  Conditioning conditioning{.branches = guided_branches(stacked(rows), std::move(negative), parameters.guidance_scale),
                            .guidance_rescale = parameters.guidance_rescale,
                            .time_ids = {}};
  const auto height = static_cast<float>(parameters.height), width = static_cast<float>(parameters.width);
  if (xl) conditioning.time_ids = {height, width, 0, 0, height, width};
  return conditioning;
}

}  // namespace easel
