// pipeline.h — a loaded model that makes pictures: the C++ way into Easel.
//
//   easel::Pipeline pipeline = easel::Pipeline::load("stable-diffusion-v1-5");
//   auto made = pipeline.generate({.prompt = "a red cat on the beach"});
//   easel::save_picture("cat.png", made[0]);
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "easel/cancellation.h"
#include "easel/export.h"
#include "easel/parameters.h"
#include "easel/picture.h"

namespace easel {

enum class GenerationPhase { encoding_prompt, denoising, decoding };

struct GenerationProgress {
  GenerationPhase phase;
  int64_t step;  // denoising: steps done; otherwise 0
  int64_t num_steps;
  double elapsed_s;    // since generate() was called
  double remaining_s;  // estimated; negative while unknown
  // A small decoded picture of the state, one per image of the batch; empty unless previews were asked for at this
  // step.
  std::vector<Picture> previews;
};

struct GenerationCallbacks {
  // Called from the generating thread. Return false to stop: generate() then throws Cancelled within the step.
  std::function<bool(const GenerationProgress&)> on_progress;
  int64_t preview_every = 0;  // steps between previews; 0: none
  // Called before the first step with what the user may want to know, such as that this will take long.
  std::function<void(const std::string&)> on_message = {};
  // Request a copy of it to stop between two operations, from any thread: generate() then throws Cancelled.
  CancellationToken cancel{};
};

struct GeneratedPicture {
  Picture picture;
  int64_t seed = 0;      // of this picture
  std::string infotext;  // how it was made, as the webui writes it
  std::string json;      // the same as JSON, under the names of the parameter table
  std::string xmp{};     // an XMP packet: made or changed by a trained model
};

// Thread safety: one generate() at a time per Pipeline.
class EASEL_API Pipeline {
 public:
  // Loads a diffusers folder or a single checkpoint file. Weights are mapped, not read. Throws NotFound, CorruptFile,
  // Unsupported.
  static Pipeline load(const std::filesystem::path& model, const LoadOptions& options = {});

  // Makes parameters.num_images pictures by the task that the parameters name: from words, from a picture (image,
  // strength), in a part of a picture (mask, …). Throws InvalidArgument before anything is computed where a value is
  // wrong, ResourceExhausted where they would not fit into memory (saying what would), Cancelled where the callbacks
  // ask for it, Unsupported where the latents turn non-finite (naming the step).
  std::vector<GeneratedPicture> generate(const GenerationParameters& parameters,
                                         const GenerationCallbacks& callbacks = {});

  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;
  ~Pipeline();

 private:
  struct State;
  explicit Pipeline(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The model that is taken where none is named: EASEL_MODEL, else models/storybook of the installation or the source
// checkout that the running program is part of. Throws NotFound saying where it was looked for.
EASEL_API std::filesystem::path find_default_model();

// Writes PNG, JPEG or WebP by the extension, with the parameters inside. Nothing half-written is ever seen under
// `path`.
EASEL_API void save_picture(const std::filesystem::path& path, const GeneratedPicture& picture);

// Throws what save_picture would for this path and a picture of these parameters, without writing: to be called before
// computing. Unknown extension, missing or unwritable folder, more text than the format can hold.
EASEL_API void check_saveable(const std::filesystem::path& path, const GenerationParameters& parameters);

}  // namespace easel
