#include "pipelines/conditioning.h"

#include <algorithm>
#include <map>
#include <memory>

#include "easel/error.h"
#include "ops/ops.h"
#include "text/language/composed_prompt.h"

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

using EmbeddingsAt = std::function<const PromptEmbeddings&(int step)>;

// Parts of a prompt that pull by their weights, and what they pull away from. Whatever would weigh nothing is left out.
std::vector<Branch> weighted_branches(const std::vector<std::pair<double, EmbeddingsAt>>& parts, EmbeddingsAt negative,
                                      double guidance_scale) {
  double rest = 1.0;
  for (const auto& [weight, embeddings] : parts) rest -= weight * guidance_scale;
  std::vector<Branch> branches;
  if (rest != 0.0) branches.push_back({.embeddings_at = std::move(negative), .weight = rest, .unconditional = true});
  for (const auto& [weight, embeddings] : parts)
    branches.push_back({.embeddings_at = embeddings, .weight = weight * guidance_scale});
  return branches;
}

EmbeddingsAt constant(PromptEmbeddings embeddings) {
  const auto kept = std::make_shared<const PromptEmbeddings>(std::move(embeddings));
  return [kept](int) -> const PromptEmbeddings& { return *kept; };
}

// Every text that a run's prompts take in some step, encoded once.
class EncodedTexts {
 public:
  EncodedTexts(const DiffusionModel& model, const PromptOptions& options) : model_(model), options_(options) {}

  void add(const std::vector<ScheduledPrompt>& schedule) {
    for (const ScheduledPrompt& entry : schedule)
      if (!chunks_.contains(entry.prompt))
        chunks_[entry.prompt] = tokenize_prompt(model_.towers, entry.prompt, options_);
  }
  size_t most_chunks(const std::vector<ScheduledPrompt>& schedule) const {
    size_t count = 1;
    for (const ScheduledPrompt& entry : schedule) count = std::max(count, num_chunks(chunks_.at(entry.prompt)));
    return count;
  }
  // All of `count` chunks.
  void encode(size_t count) {
    for (auto& [text, chunks] : chunks_) {
      pad_to_chunks(model_.towers, count, chunks);
      rows_[text] = encode_prompt(model_.towers, chunks, options_);
    }
  }
  // The rows of some texts, or one row where all are the same. The same object for the same texts.
  const PromptEmbeddings& rows(const std::vector<std::string>& texts) {
    if (std::ranges::all_of(texts, [&](const std::string& text) { return text == texts.front(); }))
      return rows_.at(texts.front());
    PromptEmbeddings& joined = stacked_[texts];
    if (joined.encoder_hidden_states.defined()) return joined;
    std::vector<PromptEmbeddings> rows;
    for (const std::string& text : texts) rows.push_back(rows_.at(text));
    return joined = stacked(rows);
  }

 private:
  const DiffusionModel& model_;
  PromptOptions options_;
  std::map<std::string, TowerChunks> chunks_;
  std::map<std::string, PromptEmbeddings> rows_;
  std::map<std::vector<std::string>, PromptEmbeddings> stacked_;
};

std::vector<std::string> prompts_of(const GenerationRequest& request) {
  return request.prompts.empty() ? std::vector<std::string>{request.parameters.prompt} : request.prompts;
}

// Without weighting a prompt means what it says.
std::vector<PromptPart> parts_of(const GenerationParameters& parameters, const std::string& prompt,
                                 const PromptSteps& steps) {
  if (parameters.prompt_weighting != "none") return compose_prompt(prompt, steps.num_steps, steps.steps_before);
  return {{.schedule = {{.end_step = steps.num_steps, .prompt = prompt}}}};
}

// Only prompts that pull; a negative prompt is what all of them are guided away from.
std::vector<ScheduledPrompt> negative_schedule(const GenerationParameters& parameters, const PromptSteps& steps) {
  if (parameters.prompt_weighting == "none")
    return {{.end_step = steps.num_steps, .prompt = parameters.negative_prompt}};
  require_known_tags(parameters.negative_prompt);
  return schedule_prompt(parameters.negative_prompt, steps.num_steps, steps.steps_before);
}

// The part of the same place in every prompt of the batch.
EmbeddingsAt embeddings_of(std::shared_ptr<EncodedTexts> texts, std::vector<std::vector<ScheduledPrompt>> schedules,
                           int begin) {
  return [texts = std::move(texts), schedules = std::move(schedules), begin](int step) -> const PromptEmbeddings& {
    std::vector<std::string> now;
    for (const std::vector<ScheduledPrompt>& schedule : schedules)
      now.push_back(schedule[scheduled_at(schedule, step - begin)].prompt);
    return texts->rows(now);
  };
}

std::vector<std::vector<PromptPart>> batch_parts(const GenerationRequest& request, const PromptSteps& steps) {
  std::vector<std::vector<PromptPart>> batch;
  for (const std::string& prompt : prompts_of(request)) batch.push_back(parts_of(request.parameters, prompt, steps));
  for (const std::vector<PromptPart>& parts : batch)
    if (!std::ranges::equal(parts, batch.front(), {}, &PromptPart::weight, &PromptPart::weight))
      throw Error(ErrorCode::InvalidArgument, "[generate] prompts of one batch must have equal parts between AND");
  return batch;
}

// As many chunks for every text as the longest needs. Throws where that differs between the prompts of a batch.
void encode_texts(const std::vector<std::vector<PromptPart>>& batch, const std::vector<ScheduledPrompt>& negative,
                  EncodedTexts& texts) {
  texts.add(negative);
  std::vector<size_t> counts;
  for (const std::vector<PromptPart>& prompt : batch) {
    counts.push_back(texts.most_chunks(negative));
    for (const PromptPart& part : prompt) {
      texts.add(part.schedule);
      counts.back() = std::max(counts.back(), texts.most_chunks(part.schedule));
    }
  }
  if (std::ranges::any_of(counts, [&](size_t count) { return count != counts.front(); }))
    throw Error(ErrorCode::InvalidArgument, "[generate] prompts of one batch must need equally many chunks of tokens");
  texts.encode(counts.front());
}

}  // namespace

std::vector<Branch> guided_branches(PromptEmbeddings prompts, PromptEmbeddings negative, double guidance_scale) {
  return weighted_branches({{1.0, constant(std::move(prompts))}}, constant(std::move(negative)), guidance_scale);
}

int64_t num_branches(const GenerationRequest& request) {
  std::vector<std::pair<double, EmbeddingsAt>> parts;
  const std::vector<std::vector<PromptPart>> batch = batch_parts(request, {.num_steps = 1});
  for (const PromptPart& part : batch.front()) parts.emplace_back(part.weight, EmbeddingsAt());
  return static_cast<int64_t>(weighted_branches(parts, {}, request.parameters.guidance_scale).size());
}

Conditioning encode_conditioning(const DiffusionModel& model, const GenerationRequest& request,
                                 const PromptSteps& given) {
  const GenerationParameters& parameters = request.parameters;
  PromptSteps steps = given;
  if (steps.num_steps == 0) steps.num_steps = static_cast<int>(parameters.num_inference_steps);
  const bool xl = model.unet.config().text_time_embedding;
  const auto texts =
      std::make_shared<EncodedTexts>(model, PromptOptions{.weighting = parameters.prompt_weighting == "webui",
                                                          .clip_skip = parameters.clip_skip,
                                                          .penultimate_unnormed = xl});
  const std::vector<std::vector<PromptPart>> batch = batch_parts(request, steps);
  const std::vector<ScheduledPrompt> negative = negative_schedule(parameters, steps);
  encode_texts(batch, negative, *texts);

  std::vector<std::pair<double, EmbeddingsAt>> parts;
  for (size_t i = 0; i < batch.front().size(); ++i) {
    std::vector<std::vector<ScheduledPrompt>> schedules;
    for (const std::vector<PromptPart>& prompt : batch) schedules.push_back(prompt[i].schedule);
    parts.emplace_back(batch.front()[i].weight, embeddings_of(texts, std::move(schedules), steps.begin));
  }
  const bool zero = model.zero_empty_negative && parameters.negative_prompt.empty();
  EmbeddingsAt away = zero ? constant(zeros_like(texts->rows({batch.front().front().schedule.front().prompt})))
                           : embeddings_of(texts, {negative}, steps.begin);
  Conditioning conditioning{.branches = weighted_branches(parts, std::move(away), parameters.guidance_scale),
                            .guidance_rescale = parameters.guidance_rescale,
                            .time_ids = {}};
  const auto height = static_cast<float>(parameters.height), width = static_cast<float>(parameters.width);
  if (xl) conditioning.time_ids = {height, width, 0, 0, height, width};
  return conditioning;
}

}  // namespace easel
