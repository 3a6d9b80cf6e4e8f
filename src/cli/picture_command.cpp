// easel picture — what a picture file says about how it was made, and several pictures as one.
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.h"
#include "easel/error.h"
#include "files/message_text.h"
#include "pictures/picture_difference.h"
#include "pictures/picture_file.h"
#include "pictures/provenance/watermark.h"
#include "request/foreign/imported_parameters.h"
#include "request/infotext.h"
#include "storybook/contact_sheet.h"

namespace easel::cli {
namespace {

void print_text(const std::string& path, const PictureFile& file) {
  std::printf("%s: %d x %d px, %d channels\n", path.c_str(), file.picture.width_px, file.picture.height_px,
              file.picture.channels);
  if (!file.metadata.parameters.empty()) std::printf("\n%s\n", file.metadata.parameters.c_str());
  if (!file.metadata.json.empty()) std::printf("\n%s\n", file.metadata.json.c_str());
  const ImportedParameters imported = import_parameters(file);
  if (!imported.tool.empty() && imported.tool != "Easel") {
    std::printf("\nmade by %s: %s\n", imported.tool.c_str(),
                imported.parameters.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    if (!imported.model.empty()) std::printf("model: %s\n", imported.model.c_str());
    if (!imported.unused.empty()) std::printf("not taken: %s\n", joined_names(imported.unused).c_str());
  }
  for (const auto& [keyword, text] : file.metadata.text) std::printf("\n%s: %s\n", keyword.c_str(), text.c_str());
}

void print_json(const PictureFile& file) {
  const ImportedParameters imported = import_parameters(file);
  nlohmann::ordered_json result{{"width", file.picture.width_px},
                                {"height", file.picture.height_px},
                                {"channels", file.picture.channels},
                                {"infotext", file.metadata.parameters},
                                {"fields", nlohmann::ordered_json::object()},
                                {"tool", nullptr},
                                {"parameters", nullptr},
                                {"model", imported.model},
                                {"unused", imported.unused},
                                {"text", file.metadata.text}};
  for (const auto& [key, value] : parse_infotext(file.metadata.parameters).fields) result["fields"][key] = value;
  if (!imported.tool.empty()) {
    result["tool"] = imported.tool;
    result["parameters"] = imported.parameters;
  }
  std::printf("%s\n", result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

// Empty where none is told.
std::string prompt_of(const PictureFile& file) {
  const ImportedParameters imported = import_parameters(file);
  return imported.parameters.value("prompt", "");
}

struct SheetOptions {
  std::vector<std::string> files;
  std::string output;
  int columns = 6;
};

int write_sheet(const SheetOptions& options) {
  check_output_writable(options.output);
  std::vector<storybook::CaptionedPicture> cells;
  for (const std::string& path : options.files) {
    PictureFile file = read_picture_file(path);
    if (file.picture.channels != 3)
      throw Error(ErrorCode::Unsupported, "[picture] " + path + " is not opaque; a sheet takes RGB pictures");
    const std::string prompt = prompt_of(file);
    cells.push_back({std::move(file.picture), prompt});
  }
  write_picture(options.output, storybook::contact_sheet(cells, options.columns));
  return 0;
}

void add_sheet_command(CLI::App& picture, Command& chosen) {
  CLI::App* command = picture.add_subcommand("sheet", "Put pictures on one sheet, with their prompts below them");
  const auto options = std::make_shared<SheetOptions>();
  command->add_option("FILES", options->files, "PNG, JPEG or WebP files")->required()->take_all();
  command->add_option("-o,--output", options->output, "Sheet to write: .png, .jpg or .webp")->required();
  command->add_option("--columns", options->columns, "Pictures per row")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return write_sheet(*options); }; });
}

int compare(const std::string& first, const std::string& second, bool json) {
  const PictureDifference difference = picture_difference(read_picture(first), read_picture(second));
  const bool equal = difference.most == 0;
  if (json) {
    nlohmann::ordered_json result{
        {"psnr_db", nullptr}, {"most", difference.most}, {"equal_share", difference.equal_share}};
    if (!equal) result["psnr_db"] = difference.psnr_db;
    std::printf("%s\n", result.dump().c_str());
  } else if (equal) {
    std::printf("equal\n");
  } else {
    std::printf("PSNR %.2f dB, largest difference %d of 255, %.1f %% of the pixels equal\n", difference.psnr_db,
                difference.most, 100 * difference.equal_share);
  }
  return 0;
}

void add_compare_command(CLI::App& picture, Command& chosen) {
  CLI::App* command = picture.add_subcommand("compare", "Print how far two pictures of one size are apart");
  struct Options {
    std::string first, second;
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("FIRST", options->first, "A PNG, JPEG or WebP file")->required();
  command->add_option("SECOND", options->second, "Another")->required();
  command->add_flag("--json", options->json, "Print one JSON object; psnr_db is null where they are equal");
  command->callback(
      [options, &chosen] { chosen = [options] { return compare(options->first, options->second, options->json); }; });
}

// The key of `picture watermark`, and its findings.
int show_watermark(const std::string& path, const std::string& key, bool json) {
  const Picture picture = read_picture(path);
  const std::optional<Watermark> mark = find_watermark(picture, key);
  const bool marked = mark && mark->score >= kMarkedScore;
  char message[16] = "";
  if (mark) std::snprintf(message, sizeof message, "%012llx", static_cast<unsigned long long>(mark->message));
  nlohmann::ordered_json result{{"marked", marked},
                                {"score", mark ? mark->score : 0.0},
                                {"message", marked ? message : ""},
                                {"others", nlohmann::ordered_json::array()}};
  for (const KnownMark& known : find_known_marks(picture))
    if (known.marked()) result["others"].push_back({{"of", known.name}, {"bits", known.bits}, {"found", known.found}});
  if (json) {
    std::printf("%s\n", result.dump().c_str());
    return 0;
  }
  if (marked)
    std::printf("marked: score %.1f, message %s\n", mark->score, message);
  else if (mark)
    std::printf("no mark: score %.1f, marked pictures have %.1f or more\n", mark->score, kMarkedScore);
  else
    std::printf("no mark: smaller than 64 pixels a side\n");
  for (const auto& other : result["others"])
    std::printf("mark of %s: %d of %d bits\n", other["of"].get<std::string>().c_str(), other["found"].get<int>(),
                other["bits"].get<int>());
  return 0;
}

void add_watermark_command(CLI::App& picture, Command& chosen) {
  CLI::App* command = picture.add_subcommand("watermark", "Say whether a picture carries an invisible mark");
  struct Options {
    std::string path, key = std::string(kWatermarkKey);
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->path, "A PNG, JPEG or WebP file")->required();
  command->add_option("--key", options->key, "What the mark was made with")->capture_default_str();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &chosen] {
    chosen = [options] { return show_watermark(options->path, options->key, options->json); };
  });
}

}  // namespace

void add_picture_command(CLI::App& app, Command& chosen) {
  CLI::App* picture = app.add_subcommand("picture", "Look into picture files");
  picture->require_subcommand(1);
  add_sheet_command(*picture, chosen);
  add_compare_command(*picture, chosen);
  add_watermark_command(*picture, chosen);
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
