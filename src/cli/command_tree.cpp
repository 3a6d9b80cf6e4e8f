#include "cli/command_tree.h"

#include <algorithm>

#include "cli/parameter_flags.h"
#include "files/message_text.h"

namespace easel::cli {
namespace {

std::vector<std::string> names_of(const CLI::Option& option) {
  if (option.get_positional()) return {option.get_name(true)};
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

// "INT", without what CLI11 adds of its checks.
std::string value_name(const CLI::Option& option) {
  const std::string name = option.get_type_name();
  return name.substr(0, name.find(':'));
}

OptionDescription describe(const CLI::Option& option) {
  return {.names = names_of(option),
          .help = option.get_description(),
          .value = option.get_items_expected_max() == 0 ? "" : value_name(option),
          .choices = choices_of(option)};
}

// The options that a command understands, those of the commands above it included.
std::vector<std::string> known_options(const CLI::App* command) {
  std::vector<std::string> names;
  for (; command != nullptr; command = command->get_parent())
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_positional()) continue;
      std::ranges::copy(names_of(*option), std::back_inserter(names));
    }
  return names;
}

// Names with underscores are understood too, but nobody needs to be told of them.
bool has_underscore(const std::string& name) { return name.find('_') != std::string::npos; }

std::string name_of(const CLI::App& command) {
  return command.get_parent() == nullptr ? command.get_name()
                                         : name_of(*command.get_parent()) + " " + command.get_name();
}

bool takes_value(const CLI::App* command, const std::string& name) {
  for (; command != nullptr; command = command->get_parent())
    for (const CLI::Option* option : command->get_options())
      if (!option->get_positional() && std::ranges::count(names_of(*option), name) > 0)
        return option->get_items_expected_max() > 0;
  return false;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

const CLI::App* find_command(const CLI::App& command, const std::string& name) {
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; }))
    if (sub->get_name() == name) return sub;
  return nullptr;
}

std::string unknown_option(const CLI::App& command, const std::string& name) {
  std::vector<std::string> known = known_options(&command);
  std::erase_if(known, [](const std::string& other) { return other.size() <= 2 || has_underscore(other); });
  return "unknown option " + name + " of " + name_of(command) + suggestion(name, known);
}

}  // namespace

CommandDescription describe(const CLI::App& app) {
  CommandDescription command{
      .name = app.get_name(), .help = app.get_description(), .options = {}, .arguments = {}, .commands = {}};
  for (const CLI::Option* option : app.get_options()) {
    OptionDescription described = describe(*option);
    std::erase_if(described.names, has_underscore);
    (option->get_positional() ? command.arguments : command.options).push_back(std::move(described));
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    command.commands.push_back(describe(*sub));
  return command;
}

std::string describe_mistake(const CLI::App& app, const CLI::ParseError& error,
                             const std::vector<std::string>& arguments) {
  const CLI::App* command = &app;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") break;
    if (argument.size() > 1 && argument[0] == '-' && !std::isdigit(static_cast<unsigned char>(argument[1]))) {
      const std::string name = argument.substr(0, argument.find('='));
      const std::vector<std::string> known = known_options(command);
      const bool is_short = name.size() > 2 && name[1] != '-' && std::ranges::count(known, name.substr(0, 2)) > 0;
      if (is_short) continue;
      if (std::ranges::count(known, name) == 0) return unknown_option(*command, name);
      if (name == argument && takes_value(command, name)) ++i;
    } else if (const CLI::App* sub = find_command(*command, argument)) {
      command = sub;
    } else if (const std::vector<std::string> known = command_names(*command); !known.empty()) {
      return "unknown command " + argument + " of " + name_of(*command) + suggestion(argument, known);
    }
  }
  if (!command_names(*command).empty() && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr)
    return name_of(*command) + " needs one of " + joined_names(command_names(*command));
  return error.what();
}

}  // namespace easel::cli
