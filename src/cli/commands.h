// commands.h — the subcommands of `easel`, one file each. A command registers itself and returns its exit status when
// run.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace easel::cli {

// The command that the user chose; set while the command line is parsed, run afterwards.
using Command = std::function<int()>;

void add_generate_commands(CLI::App& app, Command& chosen);
void add_morph_command(CLI::App& app, Command& chosen);
void add_upscale_command(CLI::App& app, Command& chosen);
void add_model_command(CLI::App& app, Command& chosen);
void add_prompt_command(CLI::App& app, Command& chosen);
void add_picture_command(CLI::App& app, Command& chosen);
void add_bench_command(CLI::App& app, Command& chosen);
void add_storybook_command(CLI::App& app, Command& chosen);
void add_evaluate_command(CLI::App& app, Command& chosen);
void add_parameters_command(CLI::App& app, Command& chosen);
void add_train_command(CLI::App& app, Command& chosen);
void add_completions_command(CLI::App& app, Command& chosen);

}  // namespace easel::cli
