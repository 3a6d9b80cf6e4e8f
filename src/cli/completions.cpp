#include "cli/completions.h"

#include <algorithm>
#include <functional>

namespace easel::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::vector<std::string> names_of(const std::vector<CommandDescription>& commands) {
  std::vector<std::string> names;
  for (const CommandDescription& command : commands) names.push_back(command.name);
  return names;
}

std::vector<std::string> flags_of(const CommandDescription& command) {
  std::vector<std::string> flags;
  for (const OptionDescription& option : command.options)
    flags.insert(flags.end(), option.names.begin(), option.names.end());
  return flags;
}

// Every command with the names of those above it, without the program's: "", "generate", "model inspect".
using Visit = std::function<void(const CommandDescription& command, const std::string& path)>;
void for_each_command(const CommandDescription& command, const Visit& visit, const std::string& path = "") {
  visit(command, path);
  for (const CommandDescription& sub : command.commands)
    for_each_command(sub, visit, path.empty() ? sub.name : path + " " + sub.name);
}

// In single quotes of a shell.
std::string in_quotes(const std::string& text) { return "'" + replaced(text, "'", "'\\''") + "'"; }

// In zsh's _arguments, whose own marks are escaped.
std::string zsh_text(std::string text) {
  for (const char* mark : {"\\", "[", "]", ":"}) text = replaced(text, mark, std::string("\\") + mark);
  return text;
}

std::string zsh_value(const OptionDescription& option) {
  if (option.value.empty()) return "";
  return ":" + zsh_text(option.value) + ":" +
         (option.choices.empty() ? "_files" : "(" + joined(option.choices, " ") + ")");
}

std::string zsh_function(const std::string& path) {
  return "_easel" + (path.empty() ? "" : "_" + replaced(path, " ", "_"));
}

std::string roff(std::string text) {
  text = replaced(replaced(text, "\\", "\\e"), "-", "\\-");
  text = replaced(replaced(text, "…", "..."), "é", "\\('e");  // letters beyond ASCII by their roff names
  return text.starts_with('.') || text.starts_with('\'') ? "\\&" + text : text;
}

void add_man_options(const std::vector<OptionDescription>& options, std::string& page) {
  for (const OptionDescription& option : options) {
    page += ".TP\n\\fB" + roff(joined(option.names, ", ")) + "\\fR";
    if (!option.value.empty()) page += " \\fI" + roff(option.value) + "\\fR";
    page += "\n" + roff(option.help) + "\n";
    if (!option.choices.empty()) page += "One of " + roff(joined(option.choices, ", ")) + ".\n";
  }
}

}  // namespace

std::string bash_completion(const CommandDescription& program) {
  std::string paths, values, words;
  for_each_command(program, [&](const CommandDescription& command, const std::string& path) {
    for (const CommandDescription& sub : command.commands)
      paths += "      " + in_quotes(path + ":" + sub.name) +
               ") path=" + in_quotes(path.empty() ? sub.name : path + " " + sub.name) + " ;;\n";
    for (const OptionDescription& option : command.options) {
      if (option.value.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back(in_quotes(path + ":" + name));
      values += "    " + joined(patterns, " | ") + ") " +
                (option.choices.empty() ? "compopt -o default"
                                        : "mapfile -t COMPREPLY < <(compgen -W " +
                                              in_quotes(joined(option.choices, " ")) + " -- \"$cur\")") +
                "; return ;;\n";
    }
    words += "    " + in_quotes(path) +
             ") words=" + in_quotes(joined(names_of(command.commands), " ") + " " + joined(flags_of(command), " ")) +
             " ;;\n";
  });
  return "# Completion of easel for bash; `easel completions bash` prints it.\n_easel() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} path='' words='' i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"$path:${COMP_WORDS[i]}\" in\n" +
         paths + "    esac\n  done\n  case \"$path:$prev\" in\n" + values + "  esac\n  case \"$path\" in\n" + words +
         "  esac\n  compopt -o default\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
         "complete -F _easel easel\n";
}

std::string zsh_completion(const CommandDescription& program) {
  std::string functions;
  for_each_command(program, [&](const CommandDescription& command, const std::string& path) {
    std::string text = zsh_function(path) + "() {\n  _arguments -C \\\n";
    for (const OptionDescription& option : command.options)
      for (const std::string& name : option.names)
        text += "    " + in_quotes(name + "[" + zsh_text(option.help) + "]" + zsh_value(option)) + " \\\n";
    if (command.commands.empty()) {
      text += "    '*:argument:_files'\n}\n";
    } else {
      text += "    '1:command:((";
      for (const CommandDescription& sub : command.commands)
        text += sub.name + "\\:\"" + replaced(replaced(zsh_text(sub.help), "'", "'\\''"), "\"", "\\\"") + "\" ";
      text += "))' \\\n    '*::argument:->rest'\n  if [[ $state == rest ]]; then\n    case $words[1] in\n";
      for (const CommandDescription& sub : command.commands)
        text += "      " + sub.name + ") " + zsh_function(path.empty() ? sub.name : path + " " + sub.name) + " ;;\n";
      text += "    esac\n  fi\n}\n";
    }
    functions += text;
  });
  return "#compdef easel\n# Completion of easel for zsh; `easel completions zsh` prints it.\n" + functions +
         "_easel \"$@\"\n";
}

std::string fish_completion(const CommandDescription& program) {
  std::string text = "# Completion of easel for fish; `easel completions fish` prints it.\n";
  for_each_command(program, [&](const CommandDescription& command, const std::string& path) {
    std::string condition;
    for (size_t begin = 0; begin < path.size();) {
      const size_t end = std::min(path.find(' ', begin), path.size());
      condition += (condition.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ") +
                   path.substr(begin, end - begin);
      begin = end + 1;
    }
    const std::string subs = joined(names_of(command.commands), " ");
    const std::string here = condition.empty() ? "__fish_use_subcommand" : condition;
    for (const CommandDescription& sub : command.commands)
      text += "complete -c easel -f -n " +
              in_quotes(condition.empty() ? here : here + "; and not __fish_seen_subcommand_from " + subs) + " -a " +
              sub.name + " -d " + in_quotes(sub.help) + "\n";
    for (const OptionDescription& option : command.options) {
      text += "complete -c easel" + (condition.empty() ? "" : " -n " + in_quotes(condition));
      for (const std::string& name : option.names)
        text += name[1] == '-' ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!option.value.empty())
        text += option.choices.empty() ? " -r" : " -x -a " + in_quotes(joined(option.choices, " "));
      text += " -d " + in_quotes(option.help) + "\n";
    }
  });
  return text;
}

std::string man_page(const CommandDescription& program, const std::string& version) {
  std::string page = ".TH EASEL 1 \"\" \"easel " + version + "\" \"User commands\"\n.SH NAME\neasel \\- " +
                     roff(program.help) + "\n.SH SYNOPSIS\n.B easel\nCOMMAND [ARGUMENTS] [OPTIONS]\n.SH OPTIONS\n";
  add_man_options(program.options, page);
  page += ".SH COMMANDS\n";
  for_each_command(program, [&](const CommandDescription& command, const std::string& path) {
    if (path.empty() || !command.commands.empty()) return;
    page += ".SS " + roff(path);
    for (const OptionDescription& argument : command.arguments) page += " " + roff(argument.names.front());
    page += "\n" + roff(command.help) + "\n";
    add_man_options(command.arguments, page);
    add_man_options(command.options, page);
  });
  page +=
      ".SH EXIT STATUS\n0 where all went well, 2 for a wrong argument, other numbers for other errors, 130 where it "
      "was "
      "interrupted. Every error is one line on standard error.\n";
  return page;
}

}  // namespace easel::cli
