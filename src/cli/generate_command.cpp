// easel generate, transform, inpaint, outpaint — pictures from words, from a picture, in a part of it, around it.
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/parameter_flags.h"
#include "cli/progress_bar.h"
#include "easel/error.h"
#include "easel/pipeline.h"
#include "files/message_text.h"
#include "pictures/picture_file.h"
#include "request/foreign/imported_parameters.h"
#include "request/model_table.h"
#include "request/parameter_table.h"

namespace easel::cli {
namespace {

// What a generation writes and prints: the command's own parameters.
struct OutputOptions {
  std::string output;
  std::string from;
  int64_t preview = 0;
  bool json = false;
};

const ParameterTable<OutputOptions>& output_table() {
  using O = OutputOptions;
  // clang-format off
  static const ParameterTable<O> table{"generate", {
      {.name = "output", .field = &O::output, .aliases = {"-o"},
       .help = "File to write: .png, .jpg or .webp; several pictures get -1, -2, …; default: easel-1.png, the next free "
               "number."},
      {.name = "from", .field = &O::from,
       .help = "Take the parameters of this picture, which Easel, the webui, ComfyUI, InvokeAI, NovelAI, SwarmUI or Fooocus made; "
               "flags override them."},
      {.name = "preview", .field = &O::preview, .range = between(0, 1000), .unit = "steps",
       .help = "Steps between previews in FILE.preview.png; 0 writes none."},
      {.name = "json", .field = &O::json, .help = "Print the result as one JSON object."},
  }};
  // clang-format on
  return table;
}

// What the user typed, by table.
struct GenerateOptions {
  Task task = Task::text_to_image;
  std::string prompt, image;  // positional
  std::shared_ptr<GivenParameters> picture = std::make_shared<GivenParameters>();
  std::shared_ptr<GivenParameters> model = std::make_shared<GivenParameters>();
  std::shared_ptr<GivenParameters> output = std::make_shared<GivenParameters>();
};

template <typename Owner>
Owner with(const ParameterTable<Owner>& table, const GivenParameters& given, Owner owner = {}) {
  for (const auto& [name, value] : given) table.set(owner, name, value);
  return owner;
}

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
  return with(generation_table(), *options.picture, parameters);
}

// A file that is read is not written over.
void check_output_is_no_input(const std::vector<std::filesystem::path>& paths, const GenerationParameters& parameters) {
  for (const auto& path : paths)
    for (const PictureInput* input : {&parameters.image, &parameters.mask}) {
      std::error_code ignored;
      if (!input->name.empty() && std::filesystem::equivalent(path, input->name, ignored))
        throw Error(ErrorCode::InvalidArgument,
                    "[generate] output = " + path.string() + " is read as well; name another file");
    }
}

// One path per picture: "cat.png", or "cat-1.png", "cat-2.png" for several. Without --output a name that is still free.
std::vector<std::filesystem::path> output_paths(const std::string& output, int64_t count) {
  namespace fs = std::filesystem;
  std::vector<fs::path> paths;
  int64_t number = 1;
  while (static_cast<int64_t>(paths.size()) < count) {
    const std::string suffix = "-" + std::to_string(number++);
    if (output.empty()) {
      const fs::path candidate = "easel" + suffix + ".png";
      if (!fs::exists(candidate)) paths.push_back(candidate);
    } else {
      const fs::path base = output;
      paths.push_back(count == 1 ? base
                                 : base.parent_path() / (base.stem().string() + suffix + base.extension().string()));
    }
  }
  return paths;
}

std::filesystem::path preview_path(const std::filesystem::path& output) {
  return output.parent_path() / (output.stem().string() + ".preview" + output.extension().string());
}

void report(const std::vector<GeneratedPicture>& pictures, const std::vector<std::filesystem::path>& paths,
            double seconds, bool json) {
  if (!json) {
    for (size_t i = 0; i < pictures.size(); ++i)
      std::printf("%s  seed %lld\n", paths[i].c_str(), static_cast<long long>(pictures[i].seed));
    std::fprintf(stderr, "%s\n", format_duration(seconds).c_str());
    return;
  }
  nlohmann::ordered_json result{{"pictures", nlohmann::ordered_json::array()}, {"seconds", seconds}};
  for (size_t i = 0; i < pictures.size(); ++i)
    result["pictures"].push_back({{"path", paths[i].string()},
                                  {"seed", pictures[i].seed},
                                  {"width", pictures[i].picture.width_px},
                                  {"height", pictures[i].picture.height_px},
                                  {"parameters", nlohmann::ordered_json::parse(pictures[i].json)}});
  std::printf("%s\n", result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

// A preview that cannot be written is reported, but is no reason to give the picture up.
void write_previews(const std::vector<Picture>& previews, const std::vector<std::filesystem::path>& paths) {
  try {
    for (size_t i = 0; i < previews.size(); ++i) write_picture(preview_path(paths[i]), previews[i]);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) throw;
    std::fprintf(stderr, "easel: no preview: %s\n", error.what());
  }
}

int generate(const GenerateOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const OutputOptions output = with(output_table(), *options.output);
  const ModelRequest model = with(model_table(), *options.model);
  const GenerationParameters parameters = requested_parameters(options, output.from);
  const auto paths = output_paths(output.output, parameters.num_images);
  for (const auto& path : paths) check_saveable(path, parameters);
  check_output_is_no_input(paths, parameters);
  const std::filesystem::path model_path =
      model.model.empty() ? find_default_model() : std::filesystem::path(model.model);
  Pipeline pipeline = Pipeline::load(model_path, model);

  ProgressBar bar(output.json ? ProgressBar::Mode::silent : ProgressBar::mode_for_stderr());
  GenerationCallbacks callbacks;
  callbacks.preview_every = output.preview;
  callbacks.on_progress = [&](const GenerationProgress& progress) {
    bar.show(progress);
    write_previews(progress.previews, paths);
    return true;
  };
  callbacks.on_message = [](const std::string& message) { std::fprintf(stderr, "%s\n", message.c_str()); };
  const std::vector<GeneratedPicture> pictures = pipeline.generate(parameters, callbacks);
  for (size_t i = 0; i < pictures.size(); ++i) save_picture(paths[i], pictures[i]);
  bar.finish();
  for (const auto& path : paths) std::filesystem::remove(preview_path(path));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  report(pictures, paths, elapsed.count(), output.json);
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
  add_task_command(app, chosen, Task::outpaint, "outpaint", "Make a picture larger by what could be around it");
}

}  // namespace easel::cli
