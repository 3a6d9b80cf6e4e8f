#include "cli/parameter_flags.h"

#include <algorithm>
#include <map>

#include "files/message_text.h"
#include "request/parameter_value.h"

namespace easel::cli {
namespace {

// As CLI11 takes them; names with underscores are understood as well.
std::string flag_names(const ParameterInfo& info) {
  std::vector<std::string> flags = flags_of(info);
  const std::string with_underscores = "--" + info.name;
  if (std::ranges::find(flags, with_underscores) == flags.end()) flags.insert(flags.begin() + 1, with_underscores);
  std::string names;
  for (const std::string& flag : flags) names += (names.empty() ? "" : ",") + flag;
  return names;
}

// What --help shows behind a flag: "1..1000", "NAME", "TEXT".
std::string value_hint(const ParameterInfo& info) {
  switch (info.kind) {
    case ParameterKind::text:
    case ParameterKind::list: return "TEXT";
    case ParameterKind::choice: return "NAME";
    case ParameterKind::picture: return "FILE";
    case ParameterKind::json: return "JSON|FILE";
    case ParameterKind::flag: return "";
    case ParameterKind::integer:
    case ParameterKind::number: return format_number(info.low) + ".." + format_number(info.high);
  }
  return "";
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

// CLI11 keeps no names that are not checked by itself.
std::map<const CLI::Option*, std::vector<std::string>>& all_choices() {
  static std::map<const CLI::Option*, std::vector<std::string>> choices;
  return choices;
}

}  // namespace

const std::vector<std::string>& choices_of(const CLI::Option& option) { return all_choices()[&option]; }

void add_parameter_flags(CLI::App& command, const std::vector<ParameterInfo>& infos, const std::string& group,
                         const std::shared_ptr<GivenParameters>& given) {
  for (const ParameterInfo& info : infos) {
    const std::string names = flag_names(info);
    if (info.kind == ParameterKind::flag) {
      const auto take = [given, name = info.name](int64_t count) {
        given->emplace_back(name, count > 0 ? "true" : "false");
      };
      std::string without = "no-" + info.name;
      std::ranges::replace(without, '_', '-');
      command.add_flag_function(names + ",!--" + without, take, info.help)->group(group);
      continue;
    }
    const auto take = [given, name = info.name](const std::vector<std::string>& values) {
      given->emplace_back(name, joined_lines(values));
    };
    CLI::Option* option = command.add_option_function<std::vector<std::string>>(names, take, info.help);
    all_choices()[option] = info.choices;
    option
        ->multi_option_policy(info.kind == ParameterKind::list ? CLI::MultiOptionPolicy::TakeAll
                                                               : CLI::MultiOptionPolicy::TakeLast)
        ->type_size(1)
        ->expected(1)
        ->allow_extra_args(false)
        ->group(group)
        ->type_name(value_hint(info))
        ->default_str(info.default_text);
  }
}

}  // namespace easel::cli
