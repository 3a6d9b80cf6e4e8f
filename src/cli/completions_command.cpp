// easel completions — what shells and man read.
#include <cstdio>

#include "cli/commands.h"
#include "cli/completions.h"
#include "easel/version.h"

namespace easel::cli {

void add_completions_command(CLI::App& app, Command& chosen) {
  CLI::App* command =
      app.add_subcommand("completions", "Print the completion of a shell (bash, zsh, fish) or the man page (man)");
  const auto format = std::make_shared<std::string>();
  command->add_option("FORMAT", *format, "bash, zsh, fish or man")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish", "man"}));
  command->callback([&app, format, &chosen] {
    chosen = [&app, format] {
      const CommandDescription program = describe(app);
      const std::string text = *format == "bash"   ? bash_completion(program)
                               : *format == "zsh"  ? zsh_completion(program)
                               : *format == "fish" ? fish_completion(program)
                                                   : man_page(program, kVersion);
      std::fputs(text.c_str(), stdout);
      return 0;
    };
  });
}

}  // namespace easel::cli
