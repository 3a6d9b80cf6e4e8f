// easel model — what a model package or a single file of one holds, and packages of random weights.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "easel/error.h"
#include "model_tools/model_inspection.h"
#include "model_tools/random_model.h"

namespace easel::cli {
namespace {

void add_inspect_command(CLI::App& model, Command& chosen) {
  CLI::App* command = model.add_subcommand(
      "inspect", "Check a model folder or file and print what it holds: components, architecture, sizes, metadata");
  struct Options {
    std::string path;
    bool json = false;
    InspectionOptions inspection;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("PATH", options->path, "A diffusers folder, a .safetensors or .ckpt file, a config or vocabulary")
      ->required();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--tensors", options->inspection.list_tensors, "List every tensor with its shape and type");
  command->add_flag("--hash", options->inspection.hash, "Add the file's SHA-256, which reads all of it");
  command->callback([options, &chosen] {
    chosen = [options] {
      const nlohmann::ordered_json inspection = inspect_model(options->path, options->inspection);
      std::printf("%s\n", options->json
                              ? inspection.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str()
                              : render_inspection(inspection).c_str());
      return 0;
    };
  });
}

void add_random_command(CLI::App& model, Command& chosen) {
  CLI::App* command = model.add_subcommand(
      "random", "Write a model folder of random weights: for tests and timing; its pictures mean nothing");
  struct Options {
    std::string folder;
    RandomModelOptions model;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("FOLDER", options->folder, "New folder to write")->required();
  command->add_option("--shape", options->model.shape, "Networks of this shape: tiny, tiny_xl, sd15, sd21, sdxl");
  command->add_option("--seed", options->model.seed, "Start of the random numbers");
  command->callback([options, &chosen] {
    chosen = [options] {
      write_random_model(options->folder, options->model);
      return 0;
    };
  });
}

}  // namespace

void add_model_command(CLI::App& app, Command& chosen) {
  CLI::App* model = app.add_subcommand("model", "Look into model files");
  model->require_subcommand(1);
  add_inspect_command(*model, chosen);
  add_random_command(*model, chosen);
}

}  // namespace easel::cli
