// easel train — networks from data.
#include <algorithm>
#include <cstdio>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "training/tasks/tokenizer_run.h"
#include "training/training_run.h"

namespace easel::cli {
namespace {

struct TrainOptions {
  std::string config;  // file
  // Parameters in the order given; applied over those of the file.
  std::vector<std::pair<std::string, std::string>> parameters;
};

std::string flags_of(const TrainParameter& parameter) {
  std::string flag = std::string("--") + parameter.name;
  const std::string with_underscores = flag;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag == with_underscores ? flag : flag + "," + with_underscores;
}

TrainConfig requested_config(const TrainOptions& options, TrainerKind trainer) {
  TrainConfig config = options.config.empty() ? TrainConfig{} : read_train_config(options.config, trainer);
  for (const auto& [name, value] : options.parameters) set_train_parameter(config, trainer, name, value);
  return config;
}

void show(const TrainingProgress& progress) {
  std::string line = "step " + std::to_string(progress.step) + "/" + std::to_string(progress.num_steps);
  char text[64];
  for (const auto& [name, value] : progress.values) {
    std::snprintf(text, sizeof text, "  %s %.4g", name.c_str(), value);
    line += text;
  }
  std::snprintf(text, sizeof text, "  lr %.3g  %.1f examples/s", progress.learning_rate, progress.examples_per_s);
  std::fprintf(stderr, "%s%s  %s left\n", line.c_str(), text, format_duration(progress.remaining_s).c_str());
}

void tell(const std::string& message) { std::fprintf(stderr, "%s\n", message.c_str()); }

int run(const TrainOptions& options, TrainerKind trainer) {
  const TrainConfig config = requested_config(options, trainer);
  if (trainer == TrainerKind::tokenizer) {
    train_tokenizer(config, tell);
    return 0;
  }
  TrainingCallbacks callbacks;
  callbacks.on_progress = show;
  callbacks.on_message = tell;
  callbacks.interrupted = interrupted;
  run_training(config, trainer, callbacks);
  return 0;
}

// A list's flag is given once per entry.
void add_flag(CLI::App& command, const TrainParameter& parameter, const std::shared_ptr<TrainOptions>& options) {
  const std::string name = parameter.name;
  const bool list = std::holds_alternative<std::vector<std::string> TrainConfig::*>(parameter.field);
  const auto take = [options, name](const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : "\n") + value;
    options->parameters.emplace_back(name, text);
  };
  command.add_option_function<std::vector<std::string>>(flags_of(parameter), take, parameter.help)
      ->multi_option_policy(list ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast)
      ->type_size(1)
      ->expected(1)
      ->allow_extra_args(false)
      ->default_str(get_train_parameter(TrainConfig{}, parameter));
}

void add_trainer(CLI::App& train, TrainerKind trainer, const char* help, Command& chosen) {
  CLI::App* command = train.add_subcommand(trainer_name(trainer), help);
  const auto options = std::make_shared<TrainOptions>();
  command->add_option("-c,--config", options->config, "TOML or JSON file with parameters; flags override it");
  for (const TrainParameter& parameter : train_parameter_table())
    if (parameter.used_by(trainer)) add_flag(*command, parameter, options);
  command->callback([options, trainer, &chosen] { chosen = [options, trainer] { return run(*options, trainer); }; });
}

void add_parameters(CLI::App& train, Command& chosen) {
  CLI::App* command = train.add_subcommand("parameters", "Print every training parameter with its meaning");
  const auto markdown = std::make_shared<bool>(false);
  command->add_flag("--markdown", *markdown, "As the documentation's page");
  command->callback([markdown, &chosen] {
    chosen = [markdown] {
      if (*markdown) {
        std::fputs(train_parameters_markdown().c_str(), stdout);
        return 0;
      }
      for (const TrainParameter& parameter : train_parameter_table())
        std::printf("%-28s %s\n", parameter.name, parameter.help);
      return 0;
    };
  });
}

}  // namespace

void add_train_command(CLI::App& app, Command& chosen) {
  CLI::App* train = app.add_subcommand("train", "Train networks on captioned pictures");
  train->require_subcommand(1);
  add_trainer(*train, TrainerKind::tokenizer, "The vocabulary that prompts are split into", chosen);
  add_trainer(*train, TrainerKind::autoencoder, "The autoencoder between pictures and latents", chosen);
  add_trainer(*train, TrainerKind::text_to_image, "The denoising network and its text encoder", chosen);
  add_trainer(*train, TrainerKind::clip, "CLIP: a text and an image tower that agree on what fits", chosen);
  add_trainer(*train, TrainerKind::scorer, "The scorer that easel evaluate judges Storybook pictures with", chosen);
  add_parameters(*train, chosen);
}

}  // namespace easel::cli
