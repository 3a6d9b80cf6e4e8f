// easel generate, transform, inpaint, outpaint, vary, … — pictures from words, from a picture, in a part of it, around
// it.
#include <cstdio>
#include <optional>

#include "cli/commands.h"
#include "cli/load_pipeline.h"
#include "cli/parameter_flags.h"
#include "cli/picture_output.h"
#include "easel/error.h"
#include "easel/pipeline.h"
#include "files/message_text.h"
#include "pictures/picture_file.h"
#include "request/foreign/imported_parameters.h"
#include "request/model_table.h"
#include "request/parameter_table.h"

namespace easel::cli {
namespace {

// What the user typed, by table.
struct GenerateOptions {
  Task task = Task::text_to_image;
  std::string prompt, image;  // positional
  std::shared_ptr<GivenParameters> picture = std::make_shared<GivenParameters>();
  std::shared_ptr<GivenParameters> model = std::make_shared<GivenParameters>();
  std::shared_ptr<GivenParameters> output = std::make_shared<GivenParameters>();
};

// As the picture tells them; what of that shapes nothing here is said on stderr.
GenerationParameters parameters_of_picture(const std::string& path, Task task) {
  const PictureFile file = read_picture_file(path);
  const ImportedParameters imported = import_parameters(file);
  std::vector<std::string> left_out;
  GenerationParameters parameters = requested_parameters(imported, file.metadata, task, path, left_out);
  if (!left_out.empty())
    std::fprintf(stderr, "%s, made by %s, tells what is not taken: %s\n", path.c_str(), imported.tool.c_str(),
                 joined_names(left_out).c_str());
  if (!imported.model.empty()) std::fprintf(stderr, "it was made with the model %s\n", imported.model.c_str());
  return parameters;
}

GenerationParameters requested_parameters(const GenerateOptions& options, const std::string& from) {
  GenerationParameters parameters;
  if (!from.empty()) parameters = parameters_of_picture(from, options.task);
  parameters.task = task_name(options.task);
  if (!options.prompt.empty()) parameters.prompt = options.prompt;
  if (!options.image.empty()) generation_table().set(parameters, "image", options.image);
  return with_given(generation_table(), *options.picture, parameters);
}

int generate(const GenerateOptions& options) {
  const OutputOptions output = with_given(output_table(), *options.output);
  const ModelRequest model = with_given(model_table(), *options.model);
  const GenerationParameters parameters = requested_parameters(options, output.from);
  if (!output.grid.empty()) {
    std::optional<Pipeline> pipeline;  // loaded when the grid is found to be sound
    write_grid(output, parameters, [&](const GenerationParameters& cell, const GenerationCallbacks& callbacks) {
      if (!pipeline) pipeline.emplace(load_pipeline(model));
      return pipeline->generate(cell, callbacks).front();
    });
    return 0;
  }
  PictureOutput pictures(output, parameters);
  Pipeline pipeline = load_pipeline(model);
  pictures.write(pipeline.generate(parameters, pictures.callbacks()));
  return 0;
}

// A command of a task: its rows of the table are its flags.
void add_task_command(CLI::App& app, Command& chosen, Task task, const char* name, const char* help) {
  CLI::App* command = app.add_subcommand(name, help);
  const auto options = std::make_shared<GenerateOptions>();
  options->task = task;
  if (task == Task::text_to_image)
    command->add_option("PROMPT", options->prompt, "What the picture shows (as --prompt)");
  else
    command->add_option("IMAGE", options->image, "The picture to start from (as --image)");
  std::vector<ParameterInfo> rows = generation_table().describe(static_cast<uint32_t>(task));
  std::erase_if(rows, [](const ParameterInfo& row) { return row.name == "task"; });  // the command says it
  add_parameter_flags(*command, rows, "Picture", options->picture);
  add_parameter_flags(*command, model_table().describe(), "Model", options->model);
  add_parameter_flags(*command, output_table().describe(), "Output", options->output);
  command->callback([options, &chosen] { chosen = [options] { return generate(*options); }; });
}

}  // namespace

void add_generate_commands(CLI::App& app, Command& chosen) {
  add_task_command(app, chosen, Task::text_to_image, "generate", "Make pictures from a prompt");
  add_task_command(app, chosen, Task::image_to_image, "transform", "Change a picture by a prompt");
  add_task_command(app, chosen, Task::inpaint, "inpaint", "Make a part of a picture anew; every other pixel stays");
  add_task_command(app, chosen, Task::vary, "vary", "Make pictures like a given one");
  add_task_command(app, chosen, Task::denoise, "denoise", "Take the noise out of a picture");
  add_task_command(app, chosen, Task::restore, "restore", "Fill the scratches and holes of a damaged picture");
  add_task_command(app, chosen, Task::outpaint, "outpaint", "Make a picture larger by what could be around it");
}

}  // namespace easel::cli
