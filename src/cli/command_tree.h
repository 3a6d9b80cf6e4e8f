// command_tree.h — the command line described: what completions, the man page and hints at mistyped names are made
// from.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace easel::cli {

struct OptionDescription {
  std::vector<std::string> names;  // "--steps", "-s", …; of a positional argument its name alone: "PROMPT"
  std::string help;
  std::string value;                 // "1..1000", "FILE", …; empty for a flag
  std::vector<std::string> choices;  // of the value, where it is one of some
};

struct CommandDescription {
  std::string name;
  std::string help;
  std::vector<OptionDescription> options;
  std::vector<OptionDescription> arguments;  // positional
  std::vector<CommandDescription> commands;
};

CommandDescription describe(const CLI::App& app);

// What is wrong with arguments that CLI11 refused, with the nearest name where a command or an option is mistyped.
std::string describe_mistake(const CLI::App& app, const CLI::ParseError& error,
                             const std::vector<std::string>& arguments);

}  // namespace easel::cli
