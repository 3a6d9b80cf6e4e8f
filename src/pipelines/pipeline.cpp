#include "easel/pipeline.h"

#include <algorithm>
#include <utility>

#include "files/file_hash.h"
#include "models/layers/tiling.h"
#include "pictures/picture_file.h"
#include "pictures/provenance/watermark.h"
#include "pipelines/diffusion_model.h"
#include "pipelines/drawn_prompts.h"
#include "pipelines/editing/image_to_image.h"
#include "pipelines/editing/inpaint.h"
#include "pipelines/editing/latent_upscale.h"
#include "pipelines/editing/masked_area.h"
#include "pipelines/editing/morph.h"
#include "pipelines/editing/noise_reduction.h"
#include "pipelines/editing/outpaint.h"
#include "pipelines/editing/restoration.h"
#include "pipelines/editing/vary.h"
#include "pipelines/text_to_image.h"
#include "request/generation_record.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

PictureWriteOptions options_with(const std::string& infotext, const std::string& json, const std::string& xmp) {
  PictureWriteOptions options;
  options.metadata.parameters = infotext;
  options.metadata.json = json;
  options.metadata.xmp = xmp;
  return options;
}

MadePictures run_task(const DiffusionModel& model, const GenerationRequest& request,
                      const GenerationCallbacks& callbacks) {
  switch (parse_task(request.parameters.task)) {
    case Task::text_to_image: return text_to_image(model, request, callbacks);
    case Task::image_to_image: return image_to_image(model, request, callbacks);
    case Task::inpaint:
      return request.parameters.inpaint_area == "masked" ? inpaint_masked_area(model, request, callbacks)
                                                         : inpaint(model, request, callbacks);
    case Task::outpaint: return outpaint(model, request, callbacks);
    case Task::denoise: return noise_reduction(model, request, callbacks);
    case Task::restore: return restoration(model, request, callbacks);
    case Task::upscale: return latent_upscale(model, request, callbacks);
    case Task::vary: return vary(model, request, callbacks);
    case Task::morph: return morph(model, request, callbacks);
  }
  return {};
}

// The prompts as they were asked for, where something in them was drawn.
PromptTemplate template_of(const GenerationParameters& asked, const GenerationParameters& drawn) {
  return {.prompt = asked.prompt == drawn.prompt ? "" : asked.prompt,
          .negative_prompt = asked.negative_prompt == drawn.negative_prompt ? "" : asked.negative_prompt};
}

// 48 bits that tell which parameters a picture was made from.
uint64_t message_of(const std::string& json) {
  return std::stoull(sha256(json).substr(0, kMessageBits / 4), nullptr, 16);
}

// 0 for the pixels that an edit left as they were; empty where the picture is all new.
std::vector<float> changed_pixels(const GenerationParameters& parameters, const Picture& picture) {
  const Picture& old = parameters.image.picture;
  if (parameters.task == task_name(Task::text_to_image) || old.channels != picture.channels) return {};
  const bool outpainted = parameters.task == task_name(Task::outpaint);
  const int left = outpainted ? static_cast<int>(parameters.left) : 0,
            top = outpainted ? static_cast<int>(parameters.top) : 0;
  if (left + old.width_px > picture.width_px || top + old.height_px > picture.height_px) return {};
  std::vector<float> changed(static_cast<size_t>(picture.width_px) * static_cast<size_t>(picture.height_px), 1.0f);
  const auto channels = static_cast<size_t>(old.channels);
  for (int y = 0; y < old.height_px; ++y)
    for (int x = 0; x < old.width_px; ++x) {
      const size_t to = static_cast<size_t>((y + top) * picture.width_px + x + left),
                   from = static_cast<size_t>(y * old.width_px + x);
      const uint8_t *now = &picture.pixels[to * channels], *before = &old.pixels[from * channels];
      if (std::equal(now, now + channels, before)) changed[to] = 0;
    }
  return changed;
}

}  // namespace

struct Pipeline::State {
  DiffusionModel model;
  ModelIdentity identity;
  std::filesystem::path file;  // of a single-file model whose hash is not known yet
};

Pipeline Pipeline::load(const std::filesystem::path& model, const LoadOptions& options) {
  State state{.model = load_diffusion_model(model, options), .identity = {}, .file = {}};
  state.identity.name = state.model.name;
  if (std::filesystem::is_regular_file(model)) state.file = model;
  return Pipeline(std::make_unique<State>(std::move(state)));
}

std::vector<GeneratedPicture> Pipeline::generate(const GenerationParameters& parameters,
                                                 const GenerationCallbacks& callbacks) {
  const ScopedCancellation scope(callbacks.cancel);
  const ScopedTiling tiling({.x = parameters.tile == "x" || parameters.tile == "both",
                             .y = parameters.tile == "y" || parameters.tile == "both"});
  std::vector<GeneratedPicture> pictures;
  for (const GenerationParameters& request : drawn_requests(parameters)) {
    MadePictures made = run_task(state_->model, {.parameters = request, .prompts = {}}, callbacks);
    // Hashing reads the whole file: once, and not before the picture is there.
    if (!state_->file.empty()) state_->identity.hash = model_hash(std::exchange(state_->file, {}));
    int64_t number = 0;
    for (Picture& picture : made.pictures) {
      const GenerationParameters own = parameters_of_picture(made.parameters, number++);
      std::string json = parameters_to_json(own);
      if (own.watermark)
        picture = with_watermark(picture, message_of(json), kWatermarkKey, changed_pixels(own, picture));
      pictures.push_back({.picture = std::move(picture),
                          .seed = own.seed,
                          .infotext = generation_infotext(own, state_->identity, template_of(parameters, own)),
                          .json = std::move(json),
                          .xmp = digital_source_xmp(own)});
    }
  }
  return pictures;
}

Pipeline::Pipeline(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

void save_picture(const std::filesystem::path& path, const GeneratedPicture& picture) {
  write_picture(path, picture.picture, options_with(picture.infotext, picture.json, picture.xmp));
}

void check_saveable(const std::filesystem::path& path, const GenerationParameters& parameters) {
  check_output_writable(path);
  const Picture pixel{.width_px = 1, .height_px = 1, .channels = 3, .pixels = {0, 0, 0}};
  // Stands for what is not known yet: the model's name, a seed of any length.
  const std::string slack(1024, ' ');
  encode_picture(pixel, picture_format_of(path),
                 options_with(generation_infotext(parameters, {.name = slack, .hash = slack}),
                              parameters_to_json(parameters), digital_source_xmp(parameters)));
}

}  // namespace easel
