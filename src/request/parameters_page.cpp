// The page docs/parameters.md.
#include "request/model_table.h"
#include "request/parameter_table.h"

namespace easel {
namespace {

std::string code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }

std::string rows_markdown(const std::vector<ParameterInfo>& infos) {
  std::string table = "| name | flags | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const ParameterInfo& info : infos) {
    std::string flags;
    for (const std::string& flag : flags_of(info)) flags += (flags.empty() ? "" : " ") + flag;
    table += "| " + code(info.name) + " | " + code(flags) + " | " + code(info.default_text) + " | " +
             allowed_text(info) + " | " + info.help + " |\n";
  }
  return table;
}

}  // namespace

std::string parameters_markdown() {
  return "# Generation parameters\n\nTables in `src/request/` declare them; this page is `easel parameters "
         "--markdown`.\n\n## The picture\n\n" +
         rows_markdown(parameter_table()) + "\n## The model\n\n" + rows_markdown(model_table().describe());
}

}  // namespace easel
