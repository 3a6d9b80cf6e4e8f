#include "easel/pipeline.h"

#include "io/picture_file.h"
#include "pipelines/diffusion_model.h"
#include "pipelines/text_to_image.h"

namespace easel {

struct Pipeline::State {
  DiffusionModel model;
};

Pipeline Pipeline::load(const std::filesystem::path& model, const LoadOptions& options) {
  return Pipeline(std::make_unique<State>(State{load_diffusion_model(model, options)}));
}

std::vector<GeneratedPicture> Pipeline::generate(const GenerationParameters& parameters,
                                                 const GenerationCallbacks& callbacks) {
  return text_to_image(state_->model, parameters, callbacks);
}

Pipeline::Pipeline(std::unique_ptr<State> state) : state_(std::move(state)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

void save_picture(const std::filesystem::path& path, const GeneratedPicture& picture) {
  PictureWriteOptions options;
  options.metadata.parameters = picture.infotext;
  options.metadata.json = picture.json;
  write_picture(path, picture.picture, options);
}

}  // namespace easel
