// completions.h — the command line as files of the shells and as a man page.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace easel::cli {

std::string bash_completion(const CommandDescription& program);
std::string zsh_completion(const CommandDescription& program);
std::string fish_completion(const CommandDescription& program);
std::string man_page(const CommandDescription& program, const std::string& version);

}  // namespace easel::cli
