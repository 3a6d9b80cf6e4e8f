// easel prompt — what a prompt means: what is drawn, which texts each step takes, their tokens and weights.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "files/message_text.h"
#include "model_tools/prompt_explanation.h"

namespace easel::cli {
namespace {

using Json = nlohmann::ordered_json;

// A token as people read it: a '+' behind one that its word goes on after.
std::string readable(std::string spelling) {
  if (!spelling.ends_with(' ')) return spelling + "+";
  spelling.pop_back();
  return spelling;
}

void print_text(const Json& texts) {
  for (const Json& text : texts) {
    const size_t count = text["chunks"].size();
    std::printf("  steps %d to %d: %s\n", text["first_step"].get<int>(), text["last_step"].get<int>(),
                text["text"].get_ref<const std::string&>().c_str());
    for (size_t i = 0; i < count; ++i) {
      const Json& chunk = text["chunks"][i];
      std::printf("    %zu token%s", chunk.size(), chunk.size() == 1 ? "" : "s");
      if (count > 1) std::printf(", chunk %zu of %zu", i + 1, count);
      std::printf(":");
      for (const Json& token : chunk) {
        std::printf(" %s", readable(token["text"]).c_str());
        if (token["weight"] != 1.0) std::printf("(%s)", format_number(token["weight"].get<double>()).c_str());
      }
      std::printf("\n");
    }
  }
}

int run(const PromptQuestion& options, bool json) {
  const Json result = explain_prompt(options);
  if (json) {
    std::printf("%s\n", result.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    return 0;
  }
  if (result["prompt"] != options.prompt) std::printf("drawn: %s\n", result["prompt"].get<std::string>().c_str());
  const size_t count = result["parts"].size();
  for (size_t i = 0; i < count; ++i) {
    const Json& part = result["parts"][i];
    if (count > 1)
      std::printf("part %zu of %zu, weight %s\n", i + 1, count, format_number(part["weight"].get<double>()).c_str());
    print_text(part["schedule"]);
  }
  return 0;
}

}  // namespace

void add_prompt_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("prompt", "Show what a prompt means: tokens, weights, changes with the step");
  const auto options = std::make_shared<PromptQuestion>();
  const auto json = std::make_shared<bool>(false);
  command->add_option("PROMPT", options->prompt, "The prompt")->required();
  command->add_option("-m,--model", options->model, "Model whose tokenizer reads it; default: the default model");
  command->add_option("--steps,--num-inference-steps", options->num_steps, "Steps of the run")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("-s,--seed", options->seed, "Seed that choices and wildcards are drawn with")
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 53))
      ->capture_default_str();
  command->add_option("--wildcards", options->wildcards, "Folder of the lists that __name__ draws from")
      ->capture_default_str();
  command->add_flag("--json", *json, "Print one JSON object");
  command->callback([options, json, &chosen] { chosen = [options, json] { return run(*options, *json); }; });
}

}  // namespace easel::cli
