// easel morph — the frames between two pictures, as one file or one each.
#include "cli/commands.h"
#include "cli/load_pipeline.h"
#include "cli/parameter_flags.h"
#include "cli/picture_output.h"
#include "easel/error.h"
#include "easel/pipeline.h"
#include "files/message_text.h"
#include "pictures/picture_file.h"
#include "request/model_table.h"
#include "request/parameter_table.h"

namespace easel::cli {
namespace {

struct MorphOptions {
  std::string from, to;  // prompts or files
  std::shared_ptr<GivenParameters> picture = std::make_shared<GivenParameters>();
  std::shared_ptr<GivenParameters> model = std::make_shared<GivenParameters>();
  OutputOptions output;
  double frames_per_second = 12;
  bool files = false;
};

// "cat.png" is a picture even where there is none, so that a misspelt name is no prompt.
bool names_picture(const std::string& text) {
  try {
    picture_format_of(text);
    return true;
  } catch (const Error&) {
    return false;
  }
}

void set_end(GenerationParameters& parameters, const std::string& text, const char* prompt, const char* image) {
  generation_table().set(parameters, names_picture(text) ? image : prompt, text);
}

int run(const MorphOptions& options) {
  GenerationParameters parameters;
  parameters.task = task_name(Task::morph);
  set_end(parameters, options.from, "prompt", "image");
  set_end(parameters, options.to, "to_prompt", "to_image");
  parameters = with_given(generation_table(), *options.picture, std::move(parameters));
  const ModelRequest model = with_given(model_table(), *options.model);
  const auto form = options.files ? PictureOutput::Form::stills : PictureOutput::Form::animation;
  PictureOutput output(options.output, parameters, form, parameters.frames);
  Pipeline pipeline = load_pipeline(model);
  const std::vector<GeneratedPicture> frames = pipeline.generate(parameters, output.callbacks());
  if (options.files)
    output.write(frames);
  else
    output.write_animation(frames, options.frames_per_second);
  return 0;
}

}  // namespace

void add_morph_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("morph", "Make the frames between two prompts, seeds or pictures");
  const auto options = std::make_shared<MorphOptions>();
  command->add_option("FROM", options->from, "What the first frame shows: a prompt, or a picture's file")->required();
  command->add_option("TO", options->to, "What the last frame shows: a prompt, or a picture's file")->required();
  command
      ->add_option("-o,--output", options->output.output,
                   "File to write: .webp or .png, an animation; .mp4 or .webm, a film")
      ->required();
  command->add_option("--fps", options->frames_per_second, "Frames a second")
      ->check(CLI::Range(0.1, 100.0))
      ->capture_default_str();
  command->add_flag("--files", options->files, "Write each frame as a picture of its own: FILE-1, FILE-2, …");
  command->add_flag("--json", options->output.json, "Print the result as one JSON object");
  std::vector<ParameterInfo> rows = generation_table().describe(static_cast<uint32_t>(Task::morph));
  std::erase_if(rows, [](const ParameterInfo& row) {
    return row.name == "task" || row.name == "image" || row.name == "to_image";
  });
  add_parameter_flags(*command, rows, "Picture", options->picture);
  add_parameter_flags(*command, model_table().describe(), "Model", options->model);
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace easel::cli
