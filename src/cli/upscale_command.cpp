// easel upscale — a picture made larger by a network or by a filter.
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/parameter_flags.h"
#include "cli/picture_output.h"
#include "easel/error.h"
#include "easel/upscaler.h"
#include "files/message_text.h"
#include "pictures/picture_file.h"
#include "request/model_table.h"
#include "request/parameter_table.h"
#include "tensor/cancellation_scope.h"

namespace easel::cli {
namespace {

struct UpscaleCommandOptions {
  std::string image, output;
  std::string upscaler = "lanczos";
  double scale = 4;
  UpscaleOptions parts;
  bool json = false;
  // Of a diffusion model that enlarges.
  std::shared_ptr<GivenParameters> picture = std::make_shared<GivenParameters>();
  std::shared_ptr<GivenParameters> model = std::make_shared<GivenParameters>();
};

int run_model(const UpscaleCommandOptions& options) {
  const ModelRequest model = with_given(model_table(), *options.model);
  GenerationParameters parameters = with_given(generation_table(), *options.picture);
  parameters.task = task_name(Task::upscale);
  generation_table().set(parameters, "image", options.image);
  OutputOptions output_options;
  output_options.output = options.output;
  output_options.json = options.json;
  PictureOutput output(output_options, parameters);
  Pipeline pipeline = Pipeline::load(model.model, model);
  output.write(pipeline.generate(parameters, output.callbacks()));
  return 0;
}

int run(UpscaleCommandOptions options) {
  if (!options.model->empty()) return run_model(options);
  if (!options.picture->empty())
    throw Error(ErrorCode::InvalidArgument,
                "[upscale] " + options.picture->front().first + " needs --model, a diffusion model that enlarges");
  check_output_writable(options.output);
  std::error_code ignored;
  if (std::filesystem::equivalent(options.image, options.output, ignored))
    throw Error(ErrorCode::InvalidArgument,
                "[upscale] output = " + options.output + " is read as well; name another file");
  PictureFile file = read_picture_file(options.image);
  const Upscaler upscaler = Upscaler::load(options.upscaler);
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed_s = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  ProgressBar bar(options.json ? ProgressBar::Mode::silent : ProgressBar::mode_for_stderr());
  options.parts.on_progress = [&](int64_t done, int64_t total) {
    if (total > 1)
      bar.show("part " + std::to_string(done) + "/" + std::to_string(total),
               static_cast<double>(done) / static_cast<double>(total), elapsed_s());
  };
  const Picture large = upscaler.upscale(file.picture, options.scale, options.parts);
  write_picture(options.output, large, {.metadata = std::move(file.metadata)});
  bar.finish();
  if (options.json)
    std::printf("%s\n", nlohmann::ordered_json{{"path", options.output},
                                               {"width", large.width_px},
                                               {"height", large.height_px},
                                               {"upscaler", upscaler.kind()},
                                               {"seconds", elapsed_s()}}
                            .dump()
                            .c_str());
  else
    std::printf("%s  %d x %d px by %s\n", options.output.c_str(), large.width_px, large.height_px,
                upscaler.kind().c_str());
  return 0;
}

}  // namespace

void add_upscale_command(CLI::App& app, Command& chosen) {
  CLI::App* command = app.add_subcommand("upscale", "Make a picture larger by a network or by a filter");
  const auto options = std::make_shared<UpscaleCommandOptions>();
  command->add_option("IMAGE", options->image, "The picture: PNG, JPEG or WebP")->required();
  command->add_option("-o,--output", options->output, "File to write: .png, .jpg or .webp")->required();
  command->add_option("--scale", options->scale, "How many times larger")
      ->check(CLI::Range(1.0, 16.0))
      ->capture_default_str();
  command
      ->add_option("--upscaler", options->upscaler,
                   "lanczos, bicubic, esrgan-thick or esrgan-slim (scripts/fetch_upscaler.sh), or a file: RRDBNet "
                   "(ESRGAN), SRVGG, RDN or RRDN as .safetensors or .pth")
      ->capture_default_str();
  command
      ->add_option("--part-size", options->parts.tile_px,
                   "Side of the parts a network works on, in pixels; 0: the whole picture")
      ->check(CLI::Range(0, 16384))
      ->capture_default_str();
  command->add_option("--part-overlap", options->parts.overlap_px, "Pixels over which neighbouring parts are mixed")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print the result as one JSON object");
  std::vector<ParameterInfo> rows = generation_table().describe(static_cast<uint32_t>(Task::upscale));
  std::erase_if(rows, [](const ParameterInfo& row) { return row.name == "task" || row.name == "image"; });
  add_parameter_flags(*command, rows, "Picture of a diffusion model (--model)", options->picture);
  add_parameter_flags(*command, model_table().describe(), "Model: Stable Diffusion's x4 upscaler", options->model);
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace easel::cli
