#include "pipelines/denoising_loop.h"

#include <algorithm>

#include "diffusion/guidance.h"

namespace easel {
namespace {

// [1, ...] repeated N times along the first dimension; [N, ...] and undefined as they are.
Tensor repeated(const Tensor& x, int64_t n) {
  return !x.defined() || x.dim(0) == n ? x : concat(std::vector<Tensor>(static_cast<size_t>(n), x), 0);
}

// A factor for every latent. region: [H, W]. Returns [N, H, W, C].
Tensor over_latents(const Tensor& region, const Shape& latents) {
  if (!region.defined()) return {};
  const Tensor plane = reshape(region, {1, region.dim(0), region.dim(1), 1});
  const Tensor pixels = concat(std::vector<Tensor>(static_cast<size_t>(latents[3]), plane), -1);
  return repeated(pixels, latents[0]);
}

// a + b, either of which may be undefined.
Tensor sum_of(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() ? a : b;
  return add(a, b);
}

void accumulate(UNetResiduals& sum, UNetResiduals residuals) {
  sum.mid = sum_of(sum.mid, residuals.mid);
  if (sum.down.empty()) return static_cast<void>(sum.down = std::move(residuals.down));
  for (size_t i = 0; i < std::min(sum.down.size(), residuals.down.size()); ++i)
    sum.down[i] = sum_of(sum.down[i], residuals.down[i]);
}

// The network with its conditioning as a function of latents: all branches of all pictures are one batch.
class ConditionedNetwork {
 public:
  // latents: where the network runs.
  ConditionedNetwork(const UNet2DConditionModel& unet, const Conditioning& conditioning, const Tensor& latents)
      : unet_(unet), conditioning_(conditioning), device_(latents.device()), num_samples_(latents.dim(0)) {
    extra_channels_ = of_every_branch(conditioning.extra_channels);
    inputs_.class_labels = of_every_branch(conditioning.class_labels);
    image_tokens_ = of_every_branch(conditioning.image_tokens);
    for (const Branch& branch : conditioning.branches)
      regions_.push_back(to_device(over_latents(branch.region, latents.shape()), device_));
    for (int64_t n = 0; n < num_samples_ * num_branches(); ++n)
      inputs_.time_ids.insert(inputs_.time_ids.end(), conditioning.time_ids.begin(), conditioning.time_ids.end());
  }

  // Embeddings may change with the step.
  void begin_step(int step) {
    step_ = step;
    std::vector<const PromptEmbeddings*> embeddings;
    for (const Branch& branch : conditioning_.branches) embeddings.push_back(&branch.embeddings_at(step));
    if (embeddings == embeddings_) return;
    embeddings_ = embeddings;
    inputs_.encoder_hidden_states = of_branches(&PromptEmbeddings::encoder_hidden_states);
    if (image_tokens_.defined())
      inputs_.encoder_hidden_states = concat({inputs_.encoder_hidden_states, image_tokens_}, 1);
    if (unet_.config().text_time_embedding) inputs_.text_embeds = of_branches(&PromptEmbeddings::text_embeds);
  }

  Tensor operator()(const Tensor& model_input, const NoiseLevel& level) {
    inputs_.sample = concat(std::vector<Tensor>(static_cast<size_t>(num_branches()), model_input), 0);
    if (extra_channels_.defined()) inputs_.sample = concat({inputs_.sample, extra_channels_}, -1);
    inputs_.timesteps.assign(static_cast<size_t>(inputs_.sample.dim(0)), static_cast<float>(level.timestep));
    inputs_.residuals = {};
    for (const ResidualSource& source : conditioning_.residual_sources)
      accumulate(inputs_.residuals, source(inputs_, step_));
    const Tensor predicted = unet_(inputs_);  // [branches * N, H, W, C]
    std::vector<BranchPrediction> predictions;
    for (int64_t i = 0; i < num_branches(); ++i) {
      const Branch& branch = conditioning_.branches[static_cast<size_t>(i)];
      predictions.push_back({.prediction = predicted.rows(i * num_samples_, (i + 1) * num_samples_),
                             .weight = branch.weight,
                             .unconditional = branch.unconditional,
                             .region = regions_[static_cast<size_t>(i)]});
    }
    return combine_predictions(predictions, conditioning_.guidance_rescale);
  }

 private:
  int64_t num_branches() const { return static_cast<int64_t>(conditioning_.branches.size()); }

  Tensor of_every_branch(const Tensor& x) const {
    const Tensor rows = to_device(repeated(x, num_samples_), device_);
    return rows.defined() ? concat(std::vector<Tensor>(static_cast<size_t>(num_branches()), rows), 0) : rows;
  }

  Tensor of_branches(Tensor PromptEmbeddings::*part) const {
    std::vector<Tensor> rows;
    for (const PromptEmbeddings* embeddings : embeddings_) rows.push_back(repeated(embeddings->*part, num_samples_));
    return concat(rows, 0);
  }

  const UNet2DConditionModel& unet_;
  const Conditioning& conditioning_;
  Device device_;
  int64_t num_samples_;
  int step_ = 0;
  std::vector<const PromptEmbeddings*> embeddings_;  // of the current step
  std::vector<Tensor> regions_;                      // of each branch
  Tensor extra_channels_, image_tokens_;             // of the whole batch
  UNetInputs inputs_;
};

}  // namespace

Tensor denoise(const UNet2DConditionModel& unet, const Conditioning& conditioning, const SamplingPlan& plan,
               Tensor latents, NoiseSource& noise, const StepCallback& callback) {
  const Device device = conditioning.branches.front().embeddings_at(plan.begin).encoder_hidden_states.device();
  latents = to_device(latents, device);
  ConditionedNetwork network(unet, conditioning, latents);
  network.begin_step(plan.begin);
  const auto predict = [&](const Tensor& x, const NoiseLevel& level) { return network(x, level); };
  return to_host(sample(plan, predict, std::move(latents), noise, [&](StepInfo& info) {
    if (callback) callback(info);
    if (info.index + 1 < info.num_steps) network.begin_step(info.index + 1);
  }));
}

}  // namespace easel
