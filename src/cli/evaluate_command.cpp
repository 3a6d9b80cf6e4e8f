// easel evaluate — how often a model draws what it was asked to draw.
#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "easel/pipeline.h"
#include "evaluation/edit_evaluation.h"
#include "evaluation/evaluation_report.h"
#include "evaluation/model_evaluation.h"
#include "files/message_text.h"
#include "pictures/picture_file.h"

namespace easel::cli {
namespace {

struct EvaluateOptions {
  ModelEvaluationOptions evaluation;
  std::string output;
  int64_t edits = 0;
  bool json = false;

  EvaluateOptions() { evaluation.generation.num_inference_steps = 20; }
};

// A line about all pictures, instead of a bar for each batch of them.
class PicturesProgress {
 public:
  explicit PicturesProgress(const EvaluateOptions& options)
      : bar_(options.json ? ProgressBar::Mode::silent : ProgressBar::mode_for_stderr()) {}

  void show(const ModelEvaluationProgress& progress) {
    const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    std::string text = std::to_string(progress.num_made) + " of " + std::to_string(progress.num_prompts) + " pictures";
    if (progress.num_made == progress.num_prompts)
      text = "scoring";
    else if (progress.share > 0)
      text += ", " + format_duration(elapsed_s / progress.share - elapsed_s) + " left";
    bar_.show(text, progress.share, elapsed_s);
  }
  void finish() { bar_.finish(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  ProgressBar bar_;
};

int judge_edits(EvaluateOptions& options) {
  options.evaluation.num_prompts = options.edits;
  PicturesProgress pictures(options);
  const std::vector<EditTrial> trials =
      evaluate_edits(options.evaluation, [&](const ModelEvaluationProgress& progress) {
        pictures.show(progress);
        return !interrupted();
      });
  pictures.finish();
  if (!options.output.empty()) {
    std::filesystem::create_directories(options.output);
    write_picture(std::filesystem::path(options.output) / "edits.png", edits_sheet(trials));
  }
  std::printf("%s\n", options.json ? edits_to_json(trials).dump().c_str() : edits_table(trials).c_str());
  return 0;
}

int evaluate(EvaluateOptions& options) {
  if (options.evaluation.model.empty()) options.evaluation.model = find_default_model();
  if (options.edits > 0) return judge_edits(options);
  PicturesProgress pictures(options);
  const ModelEvaluation evaluation = evaluate_model(options.evaluation, [&](const ModelEvaluationProgress& progress) {
    pictures.show(progress);
    return !interrupted();
  });
  pictures.finish();
  if (!options.output.empty())
    write_evaluation_report(options.output, evaluation.scores, evaluation.prompts, evaluation.pictures);
  if (options.json)
    std::printf("%s\n", evaluation_to_json(evaluation.scores).dump().c_str());
  else
    std::printf("%zu prompts of the world %s\n\n%s\n", evaluation.prompts.size(), evaluation.world.c_str(),
                evaluation_table(evaluation.scores).c_str());
  return 0;
}

}  // namespace

void add_evaluate_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand(
      "evaluate",
      "Score a model: how often kind, colour, count, relation, setting and style of its pictures are right");
  const auto options = std::make_shared<EvaluateOptions>();
  command->add_option("-m,--model", options->evaluation.model,
                      "Diffusers folder; default: EASEL_MODEL, or Easel's own");
  command->add_option("--scorer", options->evaluation.scorer,
                      "Folder of the scorer; default: scorer in the model's folder");
  CLI::Option* const clip = command->add_option(
      "--clip", options->evaluation.clip, "Folder of a CLIP model; default: clip in the model's folder, if there");
  CLI::Option* const prompts = command
                                   ->add_option("--prompts", options->evaluation.num_prompts,
                                                "Pictures to make, half of them of held-out combinations")
                                   ->check(CLI::Range(2, 10'000));
  command->add_option("--steps", options->evaluation.generation.num_inference_steps, "Denoising steps")
      ->check(CLI::Range(1, 1000));
  command
      ->add_option("--guidance-scale,--cfg-scale", options->evaluation.generation.guidance_scale,
                   "Guidance; default: the model's own")
      ->check(CLI::Range(0.0, 100.0));
  command->add_option("--sampler", options->evaluation.generation.sampler, "Solver; default: the model's own");
  command->add_option("--seed", options->evaluation.seed, "Of scenes, wordings and pictures");
  command->add_option("--world", options->evaluation.world,
                      "Part of Storybook's world to ask for; default: that of the model's training");
  CLI::Option* const batch_size =
      command->add_option("--batch-size", options->evaluation.batch_size, "Pictures made at a time")
          ->check(CLI::Range(1, 1024));
  command
      ->add_option("--edits", options->edits,
                   "Judge editing instead: so many drawings each get other things, a hat, nothing, another style")
      ->check(CLI::Range(1, 10'000))
      ->excludes(prompts, clip, batch_size);
  command->add_option("--device", options->evaluation.device, "cpu, cuda, cuda:N or torch:cpu");
  command->add_option("-o,--output", options->output, "Folder for the pictures with their verdicts, as report.html");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &chosen] { chosen = [options] { return evaluate(*options); }; });
}

}  // namespace easel::cli
