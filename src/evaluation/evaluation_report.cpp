#include "evaluation/evaluation_report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

#include "checkpoints/model_folder.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

std::string file_name(size_t number) {
  char name[32];
  std::snprintf(name, sizeof name, "pictures/%04zu.png", number);
  return name;
}

// What was asked and whether it is there; a relation that the scene does not state is left out.
nlohmann::ordered_json verdict_to_json(const SceneVerdict& verdict) {
  nlohmann::ordered_json json{{"kind", verdict.kind}, {"colour", verdict.colour}, {"count", verdict.count}};
  if (verdict.relation) json["relation"] = *verdict.relation;
  json["setting"] = verdict.setting;
  json["style"] = verdict.style;
  return json;
}

std::vector<std::string> wrong_attributes(const SceneVerdict& verdict) {
  std::vector<std::string> wrong;
  const nlohmann::ordered_json json = verdict_to_json(verdict);
  for (const auto& [name, right] : json.items())
    if (!right.get<bool>()) wrong.push_back(name);
  return wrong;
}

std::string html_text(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '&')
      escaped += "&amp;";
    else if (letter == '<')
      escaped += "&lt;";
    else if (letter == '>')
      escaped += "&gt;";
    else
      escaped += letter;
  }
  return escaped;
}

constexpr const char* kPageHead =
    "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Evaluation</title><style>"
    "body{font:14px sans-serif;margin:1em}section{display:flex;flex-wrap:wrap;gap:12px}"
    "figure{margin:0;width:160px}img{width:160px}b{color:#a00}</style>\n";

std::string report_page(const Evaluation& evaluation, std::span<const PromptedScene> prompts) {
  std::vector<std::vector<std::string>> wrong;
  for (const SceneVerdict& verdict : evaluation.verdicts) wrong.push_back(wrong_attributes(verdict));
  std::vector<size_t> order(prompts.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return wrong[a].size() > wrong[b].size(); });

  std::string page = std::string(kPageHead) + "<pre>" + html_text(evaluation_table(evaluation)) + "</pre>\n<section>\n";
  for (const size_t i : order) {
    std::string names;
    for (const std::string& name : wrong[i]) names += " " + name;
    page += "<figure><img src=\"" + file_name(i) + "\" alt=\"\"><figcaption>" + html_text(prompts[i].prompt) +
            (prompts[i].split == storybook::Split::held_out ? " (held out)" : "") +
            (names.empty() ? "" : "<br><b>wrong:" + names + "</b>") + "</figcaption></figure>\n";
  }
  return page + "</section></html>\n";
}

}  // namespace

void write_evaluation_report(const std::filesystem::path& folder, const Evaluation& evaluation,
                             std::span<const PromptedScene> prompts, std::span<const Picture> pictures) {
  std::filesystem::create_directories(folder / "pictures");
  std::string lines;
  for (size_t i = 0; i < prompts.size(); ++i) {
    write_picture(folder / file_name(i), pictures[i]);
    const nlohmann::ordered_json line{{"file_name", file_name(i)},
                                      {"text", prompts[i].prompt},
                                      {"split", split_name(prompts[i].split)},
                                      {"right", verdict_to_json(evaluation.verdicts[i])}};
    lines += line.dump() + "\n";
  }
  write_text(folder / "metadata.jsonl", lines);
  write_text(folder / "evaluation.json", evaluation_to_json(evaluation).dump(2) + "\n");
  write_text(folder / "report.html", report_page(evaluation, prompts));
}

}  // namespace easel
