#include "easel/pipeline.h"

#include <utility>

#include "files/file_hash.h"
#include "models/layers/tiling.h"
#include "pictures/picture_file.h"
#include "pipelines/diffusion_model.h"
#include "pipelines/drawn_prompts.h"
#include "pipelines/editing/image_to_image.h"
#include "pipelines/editing/inpaint.h"
#include "pipelines/editing/latent_upscale.h"
#include "pipelines/editing/masked_area.h"
#include "pipelines/editing/noise_reduction.h"
#include "pipelines/editing/outpaint.h"
#include "pipelines/editing/restoration.h"
#include "pipelines/first_noise.h"
#include "pipelines/text_to_image.h"
#include "request/generation_record.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

PictureWriteOptions options_with(const std::string& infotext, const std::string& json) {
  PictureWriteOptions options;
  options.metadata.parameters = infotext;
  options.metadata.json = json;
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
  }
  return {};
}

// The prompts as they were asked for, where something in them was drawn.
PromptTemplate template_of(const GenerationParameters& asked, const GenerationParameters& drawn) {
  return {.prompt = asked.prompt == drawn.prompt ? "" : asked.prompt,
          .negative_prompt = asked.negative_prompt == drawn.negative_prompt ? "" : asked.negative_prompt};
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
    GenerationParameters own = made.parameters;  // of one picture
    own.num_images = 1;
    int64_t number = 0;
    for (Picture& picture : made.pictures) {
      pictures.push_back({.picture = std::move(picture),
                          .seed = own.seed,
                          .infotext = generation_infotext(own, state_->identity, template_of(parameters, own)),
                          .json = parameters_to_json(own)});
      own.seed = seed_of_picture(made.parameters, ++number);
      own.variation_seed = variation_seed_of_picture(made.parameters, number);
    }
  }
  return pictures;
}

Pipeline::Pipeline(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

void save_picture(const std::filesystem::path& path, const GeneratedPicture& picture) {
  write_picture(path, picture.picture, options_with(picture.infotext, picture.json));
}

void check_saveable(const std::filesystem::path& path, const GenerationParameters& parameters) {
  check_output_writable(path);
  const Picture pixel{.width_px = 1, .height_px = 1, .channels = 3, .pixels = {0, 0, 0}};
  // Stands for what is not known yet: the model's name, a seed of any length.
  const std::string slack(1024, ' ');
  encode_picture(
      pixel, picture_format_of(path),
      options_with(generation_infotext(parameters, {.name = slack, .hash = slack}), parameters_to_json(parameters)));
}

}  // namespace easel
