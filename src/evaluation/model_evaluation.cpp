#include "evaluation/model_evaluation.h"

#include <algorithm>
#include <memory>

#include "easel/error.h"
#include "evaluation/trained_world.h"
#include "pipelines/diffusion_model.h"
#include "pipelines/text_to_image.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

fs::path part_of_model(const ModelEvaluationOptions& options, const fs::path& named, const char* folder) {
  return named.empty() ? options.model / folder : named;
}

// null where none is named and the model has none.
std::unique_ptr<ClipScorer> load_clip(const ModelEvaluationOptions& options, BackendKind backend) {
  const fs::path folder = part_of_model(options, options.clip, "clip");
  if (options.clip.empty() && !fs::exists(folder)) return nullptr;
  return std::make_unique<ClipScorer>(ClipScorer::load(folder, backend));
}

class Painter {
 public:
  Painter(const DiffusionModel& model, const ModelEvaluationOptions& options, const OnEvaluationProgress& on_progress)
      : model_(model), options_(options), on_progress_(on_progress) {}

  std::vector<Picture> paint(std::span<const PromptedScene> prompts) const {
    std::vector<std::string> texts;
    for (const PromptedScene& prompt : prompts) texts.push_back(prompt.prompt);
    GenerationParameters parameters = options_.generation;
    parameters.seed = static_cast<int64_t>(options_.seed);
    std::vector<Picture> pictures;
    while (pictures.size() < texts.size()) {
      const size_t done = pictures.size(),
                   count = std::min(static_cast<size_t>(options_.batch_size), texts.size() - done);
      const auto report = [&](const GenerationProgress& progress) {
        const double within =
            progress.num_steps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.num_steps) : 0.0;
        return go_on(done, static_cast<double>(done) + static_cast<double>(count) * within, texts.size());
      };
      const std::span<const std::string> batch = std::span(texts).subspan(done, count);
      MadePictures made = text_to_image(model_, {.parameters = parameters, .prompts = {batch.begin(), batch.end()}},
                                        {.on_progress = report});
      for (Picture& picture : made.pictures) pictures.push_back(std::move(picture));
      parameters.seed += static_cast<int64_t>(count);
    }
    if (!go_on(texts.size(), static_cast<double>(texts.size()), texts.size()))
      throw Error(ErrorCode::Cancelled, "[evaluate] stopped before the pictures were judged");
    return pictures;
  }

 private:
  bool go_on(size_t num_made, double made, size_t num_prompts) const {
    return !on_progress_ || on_progress_({.num_made = static_cast<int64_t>(num_made),
                                          .num_prompts = static_cast<int64_t>(num_prompts),
                                          .share = made / static_cast<double>(num_prompts)});
  }

  const DiffusionModel& model_;
  const ModelEvaluationOptions& options_;
  const OnEvaluationProgress& on_progress_;
};

}  // namespace

ModelEvaluation evaluate_model(const ModelEvaluationOptions& options, const OnEvaluationProgress& on_progress) {
  EvaluationOptions asked{
      .world = options.world.empty() ? trained_world(options.model) : storybook::find_world(options.world),
      .num_prompts = options.num_prompts,
      .seed = options.seed};
  LoadOptions load;
  load.device = options.device;
  const DiffusionModel model = load_diffusion_model(options.model, load);
  const SceneScorer scorer = SceneScorer::load(part_of_model(options, options.scorer, "scorer"), model.backend);
  const std::unique_ptr<ClipScorer> clip = load_clip(options, model.backend);
  asked.size_px = static_cast<int>(model.native_size_px());

  const RealRenders renders = evaluation_renders(asked);
  ModelEvaluation evaluation{
      .world = asked.world.name, .prompts = evaluation_prompts(asked), .pictures = {}, .scores = {}};
  evaluation.pictures = Painter(model, options, on_progress).paint(evaluation.prompts);
  evaluation.scores =
      evaluate_pictures(evaluation.prompts, evaluation.pictures, renders,
                        {.scorer = scorer, .clip = clip.get(), .vae = &model.vae, .backend = model.backend});
  return evaluation;
}

}  // namespace easel
