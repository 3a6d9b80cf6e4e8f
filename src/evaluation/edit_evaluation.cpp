#include "evaluation/edit_evaluation.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "datasets/step_random.h"
#include "easel/error.h"
#include "evaluation/trained_world.h"
#include "pictures/patch_filling.h"
#include "pipelines/diffusion_model.h"
#include "pipelines/editing/image_to_image.h"
#include "pipelines/editing/inpaint.h"
#include "storybook/caption.h"
#include "storybook/contact_sheet.h"
#include "storybook/drawing.h"

namespace easel {
namespace {

using namespace storybook;

constexpr int64_t kEditStream = -3;  // trainings count from 0; -1 and -2 are evaluation.cpp's
constexpr int kMargin = 4;           // pixels that a careful hand paints beyond a thing
constexpr size_t kMostColumns = 10;  // of the sheet

// A drawing, what is asked of it, and the scene that shows it done.
struct EditCase {
  Drawing drawing;
  GenerationParameters parameters;
  Scene wanted;
};

using MakeCase = EditCase (*)(const Scene& sampled, const World& world, uint64_t bits, int size_px);

Picture black_mask(int size_px) {
  return {size_px, size_px, 1, std::vector<uint8_t>(static_cast<size_t>(size_px) * static_cast<size_t>(size_px))};
}

void paint_box(Picture& mask, int left, int top, int right, int bottom) {
  for (int y = std::max(0, top); y < std::min(mask.height_px, bottom); ++y)
    for (int x = std::max(0, left); x < std::min(mask.width_px, right); ++x)
      mask.pixels[static_cast<size_t>(y * mask.width_px + x)] = 255;
}

// All things, with a margin.
Picture mask_of_things(const GroundTruth& truth, int size_px) {
  Picture mask = black_mask(size_px);
  for (int y = 0; y < size_px; ++y)
    for (int x = 0; x < size_px; ++x)
      if (truth.nearest[static_cast<size_t>(y * size_px + x)] > 0)
        paint_box(mask, x - kMargin, y - kMargin, x + kMargin + 1, y + kMargin + 1);
  return mask;
}

// The boxes of all things, with a margin.
Picture mask_of_boxes(const GroundTruth& truth, int size_px) {
  Picture mask = black_mask(size_px);
  for (const DrawnThing& thing : truth.things)
    paint_box(mask, thing.left - kMargin, thing.top - kMargin, thing.right + kMargin, thing.bottom + kMargin);
  return mask;
}

Scene with_subject(Scene scene, const Subject& subject) {
  scene.subjects = {subject};
  scene.relation = Relation::none;
  return scene;
}

EditCase begun(const Scene& scene, const char* task, int size_px) {
  EditCase made{.drawing = draw_with_truth(scene, size_px, size_px), .parameters = {}, .wanted = scene};
  made.parameters.task = task;
  made.parameters.image.picture = made.drawing.picture;
  return made;
}

EditCase replace(const Scene& sampled, const World& world, uint64_t, int size_px) {
  EditCase made =
      begun(with_subject(sampled, {.kind = find_kind("lemon", world.kinds), .colour = Colour::yellow, .count = 3}),
            "inpaint", size_px);
  made.parameters.prompt = "three apples";
  made.parameters.strength = 1;
  made.parameters.mask.picture = mask_of_boxes(made.drawing.truth, size_px);
  made.wanted.subjects.front() = {.kind = find_kind("apple", world.kinds), .colour = Colour::red, .count = 3};
  return made;
}

EditCase hat(const Scene& sampled, const World& world, uint64_t, int size_px) {
  const Subject& first = sampled.subjects.front();
  EditCase made =
      begun(with_subject(sampled, {.kind = find_kind("cat", world.kinds), .colour = first.colour}), "inpaint", size_px);
  made.parameters.prompt = "a cat wearing a hat";
  made.parameters.strength = 1;
  const DrawnThing& cat = made.drawing.truth.things.front();
  const int height = cat.bottom - cat.top;
  Picture& mask = made.parameters.mask.picture = black_mask(size_px);
  paint_box(mask, cat.left - kMargin, cat.top - height / 2, cat.right + kMargin, cat.top + height / 3);
  made.wanted.subjects.front().accessory = Accessory::hat;
  made.wanted.relation = Relation::wearing;
  return made;
}

EditCase remove(const Scene& sampled, const World& world, uint64_t, int size_px) {
  EditCase made = begun(sampled, "inpaint", size_px);
  made.parameters.mask.picture = mask_of_things(made.drawing.truth, size_px);
  made.wanted.relation = Relation::none;
  made.wanted.subjects.clear();
  for (const Kind kind : world.kinds) made.wanted.subjects.push_back({.kind = kind, .count = 0});
  return made;
}

EditCase restyle(const Scene& sampled, const World& world, uint64_t bits, int size_px) {
  EditCase made = begun(sampled, "image_to_image", size_px);
  std::vector<Style> others;
  std::ranges::copy_if(world.styles, std::back_inserter(others), [&](Style style) { return style != sampled.style; });
  made.wanted.style = others[bits % others.size()];
  made.parameters.prompt = caption_full(made.wanted, bits);
  made.parameters.strength = 0.85;
  return made;
}

// Without what is where the things were.
Picture without_boxes(const Picture& picture, const GroundTruth& truth) {
  const Picture mask = mask_of_boxes(truth, picture.width_px);
  return with_patches_filled(picture, {mask.pixels.begin(), mask.pixels.end()});
}

bool shows_apples(const SceneVerdict& verdict) { return verdict.kind; }
bool wears_hat(const SceneVerdict& verdict) { return verdict.kind && verdict.relation.value_or(false); }
bool is_empty(const SceneVerdict& verdict) { return verdict.count && verdict.setting; }
bool has_style(const SceneVerdict& verdict) { return verdict.kind && verdict.style; }

struct TrialRow {
  const char *name, *asks;
  MakeCase make;
  bool (*is_right)(const SceneVerdict&);
  bool keeps_place;  // without what is in the things' boxes, nothing of their kind may be left
};
constexpr TrialRow kTrials[] = {
    {"replace", "lemons, masked: \"three apples\"", replace, shows_apples, false},
    {"hat", "above a cat: \"a cat wearing a hat\"", hat, wears_hat, false},
    {"remove", "a thing, masked: no prompt", remove, is_empty, false},
    {"restyle", "image to image into another style", restyle, has_style, true},
};

class EditTrials {
 public:
  EditTrials(const ModelEvaluationOptions& options, const OnEvaluationProgress& on_progress)
      : options_(options),
        on_progress_(on_progress),
        world_(options.world.empty() ? trained_world(options.model) : find_world(options.world)),
        model_(load_diffusion_model(options.model, load_options(options))),
        scorer_(SceneScorer::load(options.scorer.empty() ? options.model / "scorer" : options.scorer, model_.backend)) {
  }

  std::vector<EditTrial> run() {
    std::vector<EditTrial> trials;
    for (const TrialRow& row : kTrials) trials.push_back(trial(row));
    return trials;
  }

 private:
  static LoadOptions load_options(const ModelEvaluationOptions& options) {
    LoadOptions load;
    load.device = options.device;
    return load;
  }

  EditTrial trial(const TrialRow& row) {
    EditTrial result{
        .name = row.name, .asks = row.asks, .count = options_.num_prompts, .before = {}, .after = {}, .verdicts = {}};
    for (int64_t i = 0; i < options_.num_prompts; ++i) {
      go_on();
      const uint64_t bits = random_bits(options_.seed, kEditStream, Purpose::wording, i);
      const int size_px = static_cast<int>(model_.native_size_px());
      EditCase asked = row.make(sample_scene(world_, Split::train, bits), world_, bits, size_px);
      const Picture made = edited(asked.parameters, static_cast<int64_t>(options_.seed) + i);
      const bool right = is_right(row, made, asked);
      result.right += right;
      result.readable += is_readable(row, asked, size_px);
      result.verdicts.push_back(right);
      result.before.push_back(asked.drawing.picture);
      result.after.push_back(made);
    }
    return result;
  }

  Picture edited(GenerationParameters parameters, int64_t seed) {
    parameters.seed = seed;
    parameters.num_inference_steps = options_.generation.num_inference_steps;
    parameters.guidance_scale = options_.generation.guidance_scale;
    parameters.sampler = options_.generation.sampler;
    const GenerationRequest request{.parameters = parameters, .prompts = {}};
    const auto edit = parameters.task == "inpaint" ? inpaint : image_to_image;
    return edit(model_, request, {}).pictures.front();
  }

  bool is_right(const TrialRow& row, const Picture& picture, const EditCase& asked) const {
    if (!row.is_right(verdict(picture, asked.wanted))) return false;
    return !row.keeps_place || is_kept_place(picture, asked.drawing.truth, asked.wanted);
  }

  // A drawing of what was wanted; of an empty scene there is none, so that the thing that stood there is to be seen.
  bool is_readable(const TrialRow& row, const EditCase& asked, int size_px) const {
    if (row.make == remove) return !verdict(asked.drawing.picture, asked.wanted).count;
    const Drawing wanted = draw_with_truth(asked.wanted, size_px, size_px);
    return row.is_right(verdict(wanted.picture, asked.wanted)) &&
           (!row.keeps_place || is_kept_place(wanted.picture, wanted.truth, asked.wanted));
  }

  bool is_kept_place(const Picture& picture, const GroundTruth& truth, Scene scene) const {
    scene.subjects.front().count = 0;
    return verdict(without_boxes(picture, truth), scene).count;
  }

  SceneVerdict verdict(const Picture& picture, const Scene& scene) const {
    return scorer_.score({&picture, 1}, {&scene, 1}).verdicts.front();
  }

  void go_on() {
    const int64_t all = options_.num_prompts * static_cast<int64_t>(std::size(kTrials));
    const double share = static_cast<double>(made_) / static_cast<double>(all);
    if (on_progress_ && !on_progress_({.num_made = made_++, .num_prompts = all, .share = share}))
      throw Error(ErrorCode::Cancelled, "[evaluate] stopped before the edits were judged");
  }

  const ModelEvaluationOptions& options_;
  const OnEvaluationProgress& on_progress_;
  World world_;
  DiffusionModel model_;
  SceneScorer scorer_;
  int64_t made_ = 0;
};

}  // namespace

std::vector<EditTrial> evaluate_edits(const ModelEvaluationOptions& options, const OnEvaluationProgress& on_progress) {
  return EditTrials(options, on_progress).run();
}

nlohmann::ordered_json edits_to_json(const std::vector<EditTrial>& trials) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const EditTrial& trial : trials)
    json[trial.name] = {{"right", trial.right}, {"count", trial.count}, {"readable", trial.readable}};
  return json;
}

std::string edits_table(const std::vector<EditTrial>& trials) {
  std::string table = "                                        right   scorer on drawings\n";
  for (const EditTrial& trial : trials) {
    char line[160];
    const auto percent = [&](int64_t count) {
      return 100.0 * static_cast<double>(count) / static_cast<double>(std::max<int64_t>(1, trial.count));
    };
    std::snprintf(line, sizeof line, "%-38s%6.1f %%  %6.1f %%\n", trial.asks.c_str(), percent(trial.right),
                  percent(trial.readable));
    table += line;
  }
  return table;
}

Picture edits_sheet(const std::vector<EditTrial>& trials) {
  std::vector<CaptionedPicture> sheet;
  const size_t columns = std::min(trials.front().before.size(), kMostColumns);  // all trials are of as many
  for (const EditTrial& trial : trials) {
    for (size_t i = 0; i < columns; ++i) sheet.push_back({trial.before[i], trial.name});
    for (size_t i = 0; i < columns; ++i) sheet.push_back({trial.after[i], trial.verdicts[i] ? "right" : "wrong"});
  }
  return contact_sheet(sheet, static_cast<int>(columns));
}

}  // namespace easel
