#include "pipelines/editing/morph.h"

#include <map>
#include <optional>
#include <utility>

#include "easel/error.h"
#include "ops/ops.h"
#include "pictures/resampling.h"
#include "pipelines/denoising_loop.h"
#include "pipelines/editing/edited_picture.h"
#include "pipelines/editing/inversion.h"
#include "pipelines/first_noise.h"

namespace easel {
namespace {

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[morph] " + what); }

// One end of the way, as a request of its own.
GenerationRequest end_of(const GenerationRequest& request, bool last) {
  GenerationRequest end = request;
  if (!last) return end;
  end.parameters.prompt = request.parameters.to_prompt;
  end.parameters.image = request.parameters.to_image;
  if (request.parameters.to_seed >= 0) end.parameters.seed = request.parameters.to_seed;
  return end;
}

// Both pictures in the size of the first one that there is, and the request in that of its canvas.
GenerationRequest of_one_size(GenerationRequest request, int64_t cell_px) {
  GenerationParameters& p = request.parameters;
  if (!p.image.given() && !p.to_image.given()) return request;
  Picture &first = p.image.picture, &last = p.to_image.picture;
  if (p.image.given() && p.to_image.given()) {
    require_shape_of_image("to_image", last, first);
    if (first.width_px != last.width_px || first.height_px != last.height_px)
      last = resampled(last, first.width_px, first.height_px, ResamplingFilter::lanczos);
  }
  const EditedPicture picture(end_of(request, !p.image.given()).parameters, /*masked=*/false, cell_px);
  if ((p.width > 0 && p.width != picture.canvas_width_px()) || (p.height > 0 && p.height != picture.canvas_height_px()))
    fail("width and height are those of the picture; leave them at 0");
  return on_canvas(request, picture);
}

// The arc between two rows: token by token. rows: [2, …, D]; returns [1, …, D].
Tensor between_rows(const Tensor& rows, double position) {
  if (!rows.defined() || rows.dim(0) == 1) return rows;
  const Tensor host = to_host(rows);
  const int64_t width = host.dim(-1);
  const Shape tokens{host.numel() / (2 * width), width, 1, 1};
  const Tensor mixed = spherical_mixture(host.rows(0, 1).view(tokens), host.rows(1, 2).view(tokens), position);
  return to_device(mixed.view(host.shape().with(0, 1)), rows.device());
}

// Of the prompts of both ends: those of a frame between them. ends: outlives what is returned.
Conditioning between(const Conditioning& ends, double position) {
  Conditioning frame = ends;
  for (Branch& branch : frame.branches)
    branch.embeddings_at = [at = branch.embeddings_at, position,
                            mixed = std::make_shared<std::map<const PromptEmbeddings*, PromptEmbeddings>>()](
                               int step) -> const PromptEmbeddings& {
      const PromptEmbeddings& rows = at(step);
      const auto [found, added] = mixed->try_emplace(&rows);
      if (added)
        found->second = {.encoder_hidden_states = between_rows(rows.encoder_hidden_states, position),
                         .text_embeds = between_rows(rows.text_embeds, position)};
      return found->second;
    };
  return frame;
}

// The request of both prompts as one batch, so that they are encoded to equal lengths.
Conditioning encode_ends(const DiffusionModel& model, const GenerationRequest& request) {
  GenerationRequest both = request;
  both.prompts = {request.parameters.prompt, request.parameters.to_prompt};
  return encode_conditioning(model, both);
}

int64_t number_of_inversions(const GenerationParameters& parameters) {
  return (parameters.image.given() ? 1 : 0) + (parameters.to_image.given() ? 1 : 0);
}

SamplingPlan checked_plan(const DiffusionModel& model, const GenerationParameters& parameters) {
  if (parameters.position >= 0 && parameters.frames != 1)
    fail("frames = " + std::to_string(parameters.frames) + " at one position; must be 1");
  SamplingPlan plan = plan_for(model, parameters);
  if (number_of_inversions(parameters) > 0) inverted_plan(plan);  // refuses before anything is computed
  return plan;
}

// Ends, then frames: one after the other, each a run of the plan.
class MorphRun {
 public:
  MorphRun(const DiffusionModel& model, const GenerationRequest& request, const SamplingPlan& plan,
           const GenerationCallbacks& callbacks)
      : model_(model),
        request_(request),
        plan_(plan),
        callbacks_(callbacks),
        steps_(static_cast<int64_t>(plan.steps.size())),
        clock_(callbacks, steps_ * (number_of_inversions(request.parameters) + request.parameters.frames)) {
    clock_.report(GenerationPhase::encoding_prompt, 0);
    prompts_ = encode_ends(model, request);
    const GenerationParameters& p = request.parameters;
    if (number_of_inversions(p) > 0)
      edited_.emplace(end_of(request, !p.image.given()).parameters, /*masked=*/false,
                      model.vae.config().downsampling());
  }

  MadePictures frames() {
    const GenerationParameters& parameters = request_.parameters;
    clock_.report(GenerationPhase::denoising, 0);
    const Tensor first = noise_of_end(/*last=*/false), last = noise_of_end(/*last=*/true);
    MadePictures made{.parameters = parameters, .pictures = {}};
    for (int64_t frame = 0; frame < parameters.frames; ++frame) {
      const double position = frame_position(parameters, frame);
      made.pictures.push_back(frame_at(position, spherical_mixture(first, last, position)));
    }
    return made;
  }

 private:
  Tensor noise_of_end(bool last) {
    const GenerationRequest end = end_of(request_, last);
    if (!end.parameters.image.given()) return initial_noise(model_, end, *latent_noise(end));
    const EditedPicture picture(end.parameters, /*masked=*/false, model_.vae.config().downsampling());
    return inverted_noise(model_, between(prompts_, last ? 1 : 0), plan_, encode_canvas(model_, picture.canvas()),
                          next_reports());
  }

  Picture frame_at(double position, const Tensor& start) {
    const std::unique_ptr<NoiseSource> noise = latent_noise(request_);
    initial_noise(model_, request_, *noise);  // its first draw; what the steps may add comes behind it
    const Tensor latents = denoise(model_.unet, between(prompts_, position), plan_,
                                   weighted_sum({{plan_.init_noise_sigma, start}}), *noise, next_reports());
    Picture made = decode_pictures(model_, latents, request_.parameters.vae_band_rows, clock_).front();
    return edited_ ? edited_->composited(made, 0) : made;
  }

  // Of the next run, counted behind those before it.
  StepCallback next_reports() {
    return step_reports(model_, callbacks_, clock_, steps_ * std::exchange(runs_, runs_ + 1));
  }

  const DiffusionModel& model_;
  const GenerationRequest& request_;
  const SamplingPlan& plan_;
  const GenerationCallbacks& callbacks_;
  int64_t steps_, runs_ = 0;
  ProgressClock clock_;
  Conditioning prompts_;                 // of both ends: two rows
  std::optional<EditedPicture> edited_;  // the picture whose size the frames have
};

}  // namespace

double frame_position(const GenerationParameters& parameters, int64_t number) {
  if (parameters.position >= 0) return parameters.position;
  return parameters.frames == 1 ? 0.0 : static_cast<double>(number) / static_cast<double>(parameters.frames - 1);
}

MadePictures morph(const DiffusionModel& model, const GenerationRequest& request,
                   const GenerationCallbacks& callbacks) {
  require_words_suffice(model);
  GenerationRequest resolved = resolved_request(model, of_one_size(request, model.vae.config().downsampling()));
  if (number_of_inversions(resolved.parameters) > 0) resolved.parameters = invertible(resolved.parameters);
  const SamplingPlan plan = checked_plan(model, resolved.parameters);
  check_run(model, resolved, plan, callbacks);
  return MorphRun(model, resolved, plan, callbacks).frames();
}

}  // namespace easel
