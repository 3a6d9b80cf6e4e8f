// easel evaluate — how often a model draws what it was asked to draw.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "easel/error.h"
#include "pipelines/diffusion_model.h"
#include "pipelines/text_to_image.h"
#include "training/evaluation/evaluation_report.h"

namespace easel::cli {
namespace {

namespace fs = std::filesystem;

struct EvaluateOptions {
  std::string model, scorer, clip;
  std::string world = "whole";
  std::string output;
  std::string device = "cpu";
  int64_t num_prompts = 500;
  int64_t batch_size = 8;
  uint64_t seed = 0;
  bool json = false;
  GenerationParameters generation;

  EvaluateOptions() { generation.num_inference_steps = 20; }
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The evaluation's own progress, told after every denoising step of a batch.
class EvaluationProgress {
 public:
  EvaluationProgress(const EvaluateOptions& options)
      : total_(static_cast<double>(options.num_prompts)),
        bar_(options.json ? ProgressBar::Mode::silent : ProgressBar::mode_for_stderr()) {}

  void begin_batch(size_t pictures_done, size_t batch) {
    done_ = static_cast<double>(pictures_done);
    batch_ = static_cast<double>(batch);
  }

  bool show(const GenerationProgress& progress) {
    const double within =
        progress.num_steps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.num_steps) : 0.0;
    const double share = (done_ + batch_ * within) / total_, elapsed_s = seconds_since(start_);
    std::string text = std::to_string(static_cast<int64_t>(done_)) + " of " +
                       std::to_string(static_cast<int64_t>(total_)) + " pictures";
    if (share > 0) text += ", " + format_duration(elapsed_s / share - elapsed_s) + " left";
    bar_.show(text, share, elapsed_s);
    return !interrupted();
  }

  void say(const std::string& what) { bar_.show(what, 1.0, seconds_since(start_)); }
  void finish() { bar_.finish(); }

 private:
  double total_, done_ = 0, batch_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  ProgressBar bar_;
};

std::vector<Picture> generate(const DiffusionModel& model, const std::vector<PromptedScene>& prompts,
                              const EvaluateOptions& options, EvaluationProgress& progress) {
  std::vector<std::string> texts;
  for (const PromptedScene& prompt : prompts) texts.push_back(prompt.prompt);
  GenerationParameters parameters = options.generation;
  parameters.seed = static_cast<int64_t>(options.seed);
  std::vector<Picture> pictures;
  while (pictures.size() < texts.size()) {
    const size_t count = std::min(static_cast<size_t>(options.batch_size), texts.size() - pictures.size());
    progress.begin_batch(pictures.size(), count);
    MadePictures made =
        pictures_of_prompts(model, std::span(texts).subspan(pictures.size(), count), parameters,
                            {.on_progress = [&](const GenerationProgress& state) { return progress.show(state); }});
    for (Picture& picture : made.pictures) pictures.push_back(std::move(picture));
    parameters.seed += static_cast<int64_t>(count);
  }
  return pictures;
}

fs::path part_of_model(const fs::path& model, const std::string& named, const char* folder) {
  return named.empty() ? model / folder : fs::path(named);
}

int evaluate(const EvaluateOptions& options) {
  const fs::path path = options.model.empty() ? find_default_model() : fs::path(options.model);
  EvaluationOptions evaluation{
      .world = storybook::find_world(options.world), .num_prompts = options.num_prompts, .seed = options.seed};
  LoadOptions load;
  load.device = options.device;
  const DiffusionModel model = load_diffusion_model(path, load);
  const SceneScorer scorer = SceneScorer::load(part_of_model(path, options.scorer, "scorer"), model.backend);
  std::unique_ptr<ClipScorer> clip;
  if (const fs::path folder = part_of_model(path, options.clip, "clip"); !options.clip.empty() || fs::exists(folder))
    clip = std::make_unique<ClipScorer>(ClipScorer::load(folder, model.backend));
  evaluation.size_px = static_cast<int>(model.native_size_px());

  EvaluationProgress progress(options);
  const RealRenders renders = evaluation_renders(evaluation);
  const std::vector<PromptedScene> prompts = evaluation_prompts(evaluation);
  const std::vector<Picture> pictures = generate(model, prompts, options, progress);
  progress.say("scoring");
  const Evaluation result = evaluate_pictures(
      prompts, pictures, renders, {.scorer = scorer, .clip = clip.get(), .vae = &model.vae, .backend = model.backend});
  progress.finish();
  if (!options.output.empty()) write_evaluation_report(options.output, result, prompts, pictures);
  std::printf("%s\n", options.json ? evaluation_to_json(result).dump().c_str() : evaluation_table(result).c_str());
  return 0;
}

}  // namespace

void add_evaluate_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand(
      "evaluate",
      "Score a model: how often kind, colour, count, relation, setting and style of its pictures are right");
  const auto options = std::make_shared<EvaluateOptions>();
  command->add_option("-m,--model", options->model, "Diffusers folder; default: EASEL_MODEL, or Easel's own");
  command->add_option("--scorer", options->scorer, "Folder of the scorer; default: scorer in the model's folder");
  command->add_option("--clip", options->clip, "Folder of a CLIP model; default: clip in the model's folder, if there");
  command->add_option("--prompts", options->num_prompts, "Pictures to make, half of them of held-out combinations")
      ->check(CLI::Range(2, 10'000));
  command->add_option("--steps", options->generation.num_inference_steps, "Denoising steps")
      ->check(CLI::Range(1, 1000));
  command->add_option("--guidance-scale,--cfg-scale", options->generation.guidance_scale, "Guidance; default: the model's own")
      ->check(CLI::Range(0.0, 100.0));
  command->add_option("--sampler", options->generation.sampler, "Solver; default: the model's own");
  command->add_option("--seed", options->seed, "Of scenes, wordings and pictures");
  command->add_option("--world", options->world, "Part of Storybook's world to ask for: that of the model's training");
  command->add_option("--batch-size", options->batch_size, "Pictures made at a time")->check(CLI::Range(1, 1024));
  command->add_option("--device", options->device, "cpu, cuda, cuda:N or torch:cpu");
  command->add_option("-o,--output", options->output, "Folder for the pictures with their verdicts, as report.html");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &chosen] { chosen = [options] { return evaluate(*options); }; });
}

}  // namespace easel::cli
