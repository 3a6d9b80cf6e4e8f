// easel generate — a picture from words.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/progress_bar.h"
#include "easel/error.h"
#include "easel/pipeline.h"
#include "pictures/picture_file.h"
#include "request/infotext.h"

namespace easel::cli {
namespace {

struct GenerateOptions {
  std::string prompt;  // positional
  std::string model;
  std::string output;
  std::string device = "cpu";
  std::string variant;
  std::string prediction_type;
  std::string vocabulary;
  std::string from;
  int64_t preview_every = 0;
  bool json = false;
  // Parameters in the order given; applied over those of --from.
  std::vector<std::pair<std::string, std::string>> parameters;
};

std::string flags_of(const ParameterInfo& info) {
  std::string flag = std::string("--") + info.name;
  const std::string with_underscores = flag;
  std::replace(flag.begin(), flag.end(), '_', '-');
  std::string flags = flag == with_underscores ? flag : flag + "," + with_underscores;
  for (const std::string& alias : info.aliases) flags += "," + alias;
  return flags;
}

// What --help shows behind a flag: "1..1000", "NAME", "TEXT".
std::string value_hint(const ParameterInfo& info) {
  if (std::holds_alternative<std::string GenerationParameters::*>(info.field))
    return info.choices.empty() ? "TEXT" : "NAME";
  return format_number(info.low) + ".." + format_number(info.high);
}

void add_parameter_flags(CLI::App& command, GenerateOptions& options) {
  for (const ParameterInfo& info : parameter_table()) {
    const std::string name = info.name;
    command
        .add_option_function<std::string>(
            flags_of(info),
            [&options, name](const std::string& value) { options.parameters.emplace_back(name, value); }, info.help)
        ->group("Picture")
        ->type_name(value_hint(info))
        ->default_str(get_parameter(GenerationParameters{}, info));
  }
}

GenerationParameters requested_parameters(const GenerateOptions& options) {
  GenerationParameters parameters;
  if (!options.from.empty()) {
    const PictureMetadata metadata = read_picture_metadata(options.from);
    if (metadata.json.empty())
      throw Error(ErrorCode::NotFound, "[generate] " + options.from + " holds no parameters of Easel");
    parameters = parameters_from_json(metadata.json);
  }
  if (!options.prompt.empty()) set_parameter(parameters, "prompt", options.prompt);
  for (const auto& [name, value] : options.parameters) set_parameter(parameters, name, value);
  return parameters;
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

// A preview that cannot be written is told of, but is no reason to give the picture up.
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
  const GenerationParameters parameters = requested_parameters(options);
  const auto paths = output_paths(options.output, parameters.num_images);
  for (const auto& path : paths) check_saveable(path, parameters);

  LoadOptions load;
  load.device = options.device;
  load.variant = options.variant;
  load.vocabulary = options.vocabulary;
  if (!options.prediction_type.empty()) load.prediction_type = options.prediction_type;
  const auto model = options.model.empty() ? find_default_model() : std::filesystem::path(options.model);
  Pipeline pipeline = Pipeline::load(model, load);

  ProgressBar bar(options.json ? ProgressBar::Mode::silent : ProgressBar::mode_for_stderr());
  GenerationCallbacks callbacks;
  callbacks.preview_every = options.preview_every;
  callbacks.on_progress = [&](const GenerationProgress& progress) {
    bar.show(progress);
    write_previews(progress.previews, paths);
    return true;
  };
  const std::vector<GeneratedPicture> pictures = pipeline.generate(parameters, callbacks);
  for (size_t i = 0; i < pictures.size(); ++i) save_picture(paths[i], pictures[i]);
  bar.finish();
  for (const auto& path : paths) std::filesystem::remove(preview_path(path));
  report(pictures, paths, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
         options.json);
  return 0;
}

}  // namespace

void add_generate_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("generate", "Make pictures from a prompt");
  const auto options = std::make_shared<GenerateOptions>();
  command->add_option("PROMPT", options->prompt, "What the picture shows (as --prompt)");
  command->add_option(
      "-m,--model", options->model,
      "Model: a diffusers folder or a .safetensors or .ckpt file; default: EASEL_MODEL, or Easel's own");
  command->add_option(
      "-o,--output", options->output,
      "File to write: .png, .jpg or .webp; several pictures get -1, -2, … Default: easel-1.png, the next free number");
  command->add_option("--device", options->device, "cpu, cuda, cuda:N or torch:cpu");
  command->add_option("--variant", options->variant, "Weight files of a folder to take: fp16, ema, …");
  command->add_option("--prediction-type", options->prediction_type,
                      "What the network predicts, where the file does not say: epsilon, v_prediction, sample");
  command->add_option("--vocabulary", options->vocabulary,
                      "Folder with vocab.json and merges.txt, for single-file models");
  command->add_option("--from", options->from,
                      "Take the parameters of this picture, which Easel made; flags override them");
  command->add_option("--preview", options->preview_every, "Write FILE.preview.png every so many steps")
      ->check(CLI::Range(1, 1000));
  command->add_flag("--json", options->json, "Print the result as one JSON object");
  add_parameter_flags(*command, *options);
  command->callback([options, &chosen] { chosen = [options] { return generate(*options); }; });
}

}  // namespace easel::cli
