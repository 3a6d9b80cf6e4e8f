// evaluation_report.h — an evaluation to look at: the pictures with their prompts and what the scorer says of them.
#pragma once

#include <filesystem>
#include <span>

#include "evaluation/evaluation.h"

namespace easel {

// Writes into `folder`, which is made where it is missing: evaluation.json; pictures/0000.png, …; metadata.jsonl with
// file_name, text (the prompt), split and the verdicts of each; and report.html, the pictures with most wrong first.
void write_evaluation_report(const std::filesystem::path& folder, const Evaluation& evaluation,
                             std::span<const PromptedScene> prompts, std::span<const Picture> pictures);

}  // namespace easel
