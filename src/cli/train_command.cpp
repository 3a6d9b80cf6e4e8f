// easel train — networks from data.
#include <cstdio>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/parameter_flags.h"
#include "cli/progress_bar.h"
#include "files/message_text.h"
#include "training/training_run.h"

namespace easel::cli {
namespace {

struct TrainOptions {
  std::string config;  // file
  // Applied over those of the file.
  std::shared_ptr<GivenParameters> parameters = std::make_shared<GivenParameters>();
};

TrainConfig requested_config(const TrainOptions& options, TrainerKind trainer) {
  TrainConfig config = options.config.empty() ? TrainConfig{} : read_train_config(options.config, trainer);
  for (const auto& [name, value] : *options.parameters) set_train_parameter(config, trainer, name, value);
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
  TrainingCallbacks callbacks;
  callbacks.on_progress = show;
  callbacks.on_message = tell;
  callbacks.interrupted = interrupted;
  run_training(config, trainer, callbacks);
  return 0;
}

void add_trainer(CLI::App& train, TrainerKind trainer, const char* help, Command& chosen) {
  CLI::App* command = train.add_subcommand(trainer_name(trainer), help);
  const auto options = std::make_shared<TrainOptions>();
  command->add_option("-c,--config", options->config, "TOML or JSON file with parameters; flags override it");
  add_parameter_flags(*command, train_table().describe(static_cast<uint32_t>(trainer)), "Training",
                      options->parameters);
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
      for (const TrainParameter& row : train_table().rows()) std::printf("%-28s %s\n", row.name, row.help);
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
