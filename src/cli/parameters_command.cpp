// easel parameters — the table of generation parameters.
#include <cstdio>

#include "cli/commands.h"
#include "easel/parameters.h"

namespace easel::cli {

void add_parameters_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("parameters", "Print every generation parameter with its range and meaning");
  const auto markdown = std::make_shared<bool>(false);
  command->add_flag("--markdown", *markdown, "As the documentation's page");
  command->callback([markdown, &chosen] {
    chosen = [markdown] {
      if (*markdown) {
        std::fputs(parameters_markdown().c_str(), stdout);
        return 0;
      }
      for (const ParameterInfo& info : parameter_table())
        std::printf("%-22s %s\n", info.name.c_str(), info.help.c_str());
      return 0;
    };
  });
}

}  // namespace easel::cli
