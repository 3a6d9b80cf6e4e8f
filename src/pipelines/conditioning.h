// conditioning.h — what the network is told besides the latents.
#pragma once

#include <functional>
#include <vector>

#include "pipelines/diffusion_model.h"
#include "pipelines/prompt_encoder.h"
#include "request/generation_request.h"

namespace easel {

// One of the predictions that guidance combines (diffusion/guidance.h).
struct Branch {
  // Embeddings with a row for every picture of the batch, or one for all; `step` counts from 0. All branches have as
  // many tokens in every step. The same object in every step where they do not change: it is encoded and joined once.
  std::function<const PromptEmbeddings&(int step)> embeddings_at;
  double weight = 1.0;         // in the combination; the weights of all branches add up to 1
  bool unconditional = false;  // what the prompts are guided away from
  Tensor region{};             // [H, W] on the host: factors of the weight over the latents; undefined: 1 everywhere
};

// What a network beside the U-Net (a ControlNet) adds to its maps in a step, given the U-Net's inputs.
using ResidualSource = std::function<UNetResiduals(const UNetInputs& inputs, int step)>;

struct Conditioning {
  std::vector<Branch> branches;
  double guidance_rescale = 0.0;
  std::vector<float> time_ids;  // SDXL: original height, width, crop top, left, target height, width
  Tensor extra_channels{};      // [N or 1, H, W, C]: behind the latents, for networks that take more channels
  Tensor class_labels{};        // [N or 1, …] as UNetInputs has them
  Tensor image_tokens{};        // [N or 1, T, D]: attended to besides the prompt's tokens
  std::vector<ResidualSource> residual_sources{};  // their residuals are added up
};

// Branches of embeddings that stay the same: the prompts, and with guidance the negative prompt before them.
// prompts, negative: rows as in Branch. guidance_scale: 1 leaves the negative prompt out, half the work.
std::vector<Branch> guided_branches(PromptEmbeddings prompts, PromptEmbeddings negative, double guidance_scale);

// How prompts that change with the step count steps: those of the plan from `begin` on, num_steps in all (0: the
// request's), after steps_before of a first pass.
struct PromptSteps {
  int begin = 0, num_steps = 0, steps_before = 0;
};

// Of a request whose choices are resolved (stages.h). Throws InvalidArgument where the prompts of a batch need
// different numbers of chunks: a picture would not equal the one made alone.
Conditioning encode_conditioning(const DiffusionModel& model, const GenerationRequest& request,
                                 const PromptSteps& steps = {});

// As many as encode_conditioning gives: what a step's network call costs.
int64_t num_branches(const GenerationRequest& request);

}  // namespace easel
