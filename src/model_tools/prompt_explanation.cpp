#include "model_tools/prompt_explanation.h"

#include "easel/pipeline.h"
#include "files/message_text.h"
#include "pipelines/diffusion_model.h"
#include "text/language/composed_prompt.h"
#include "text/language/dynamic_prompt.h"
#include "text/prompt_chunks.h"

namespace easel {
namespace {

using Json = nlohmann::ordered_json;

// The tokens of each chunk, without what stands around them: [{"text": "cat", "weight": 1.0}, …].
Json chunks_json(const ClipTokenizer& tokenizer, const std::string& text) {
  const ChunkFrame& frame = tokenizer.frame();
  Json chunks = Json::array();
  for (const TokenChunk& chunk : chunk_prompt(tokenizer, text).chunks) {
    Json tokens = Json::array();
    for (size_t i = 1; i < chunk.ids.size() && chunk.ids[i] != frame.eos; ++i)
      tokens.push_back({{"text", tokenizer.spelling(chunk.ids[i])},
                        {"id", chunk.ids[i]},
                        {"weight", std::stod(format_number(chunk.weights[i]))}});
    chunks.push_back(std::move(tokens));
  }
  return chunks;
}

// The steps, from 1, that take each text of a schedule.
Json schedule_json(const ClipTokenizer& tokenizer, const std::vector<ScheduledPrompt>& schedule, int num_steps) {
  Json texts = Json::array();
  int step = 0;
  while (step < num_steps) {
    const size_t at = scheduled_at(schedule, step);
    int end = step;
    while (end < num_steps && schedule[scheduled_at(schedule, end)].prompt == schedule[at].prompt) ++end;
    texts.push_back({{"first_step", step + 1},
                     {"last_step", end},
                     {"text", schedule[at].prompt},
                     {"chunks", chunks_json(tokenizer, schedule[at].prompt)}});
    step = end;
  }
  return texts;
}

}  // namespace

Json explain_prompt(const PromptQuestion& question) {
  const std::string drawn = draw_dynamic_prompt(
      question.prompt, {.wildcards = question.wildcards, .seed = static_cast<uint64_t>(question.seed)});
  const std::vector<PromptPart> parts = compose_prompt(drawn, question.num_steps);
  const DiffusionModel model =
      load_diffusion_model(question.model.empty() ? find_default_model() : std::filesystem::path(question.model), {});
  Json result{{"prompt", drawn}, {"parts", Json::array()}};
  for (const PromptPart& part : parts)
    result["parts"].push_back(
        {{"weight", part.weight},
         {"schedule", schedule_json(model.towers.front().tokenizer, part.schedule, question.num_steps)}});
  return result;
}

}  // namespace easel
