// easel picture inspect — what a picture file says about how it was made.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "easel/error.h"
#include "io/infotext.h"
#include "io/picture_file.h"

namespace easel::cli {
namespace {

void print_text(const std::string& path, const PictureFile& file) {
  std::printf("%s: %d x %d px, %d channels\n", path.c_str(), file.picture.width_px, file.picture.height_px,
              file.picture.channels);
  if (!file.metadata.parameters.empty()) std::printf("\n%s\n", file.metadata.parameters.c_str());
  if (!file.metadata.json.empty()) std::printf("\n%s\n", file.metadata.json.c_str());
  for (const auto& [keyword, text] : file.metadata.text) std::printf("\n%s: %s\n", keyword.c_str(), text.c_str());
}

void print_json(const PictureFile& file) {
  nlohmann::ordered_json result{{"width", file.picture.width_px},
                                {"height", file.picture.height_px},
                                {"channels", file.picture.channels},
                                {"infotext", file.metadata.parameters},
                                {"fields", nlohmann::ordered_json::object()},
                                {"parameters", nullptr},
                                {"text", file.metadata.text}};
  for (const auto& [key, value] : parse_infotext(file.metadata.parameters).fields) result["fields"][key] = value;
  if (!file.metadata.json.empty())
    result["parameters"] = nlohmann::ordered_json::parse(file.metadata.json, nullptr, false);
  std::printf("%s\n", result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

}  // namespace

void add_picture_command(CLI::App& app, Command& chosen) {
  CLI::App* picture = app.add_subcommand("picture", "Look into picture files");
  picture->require_subcommand(1);
  CLI::App* command = picture->add_subcommand("inspect", "Print a picture's size and how it was made");
  struct Options {
    std::string path;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->path, "A PNG, JPEG or WebP file")->required();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &chosen] {
    chosen = [options] {
      const PictureFile file = read_picture_file(options->path);
      options->json ? print_json(file) : print_text(options->path, file);
      return 0;
    };
  });
}

}  // namespace easel::cli
