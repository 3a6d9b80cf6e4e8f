#include "cli/picture_output.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/message_text.h"
#include "pictures/animation.h"
#include "pictures/picture_file.h"
#include "pictures/picture_tensor.h"
#include "pictures/spread_map.h"
#include "pictures/video/video_file.h"
#include "storybook/contact_sheet.h"

namespace easel::cli {
namespace {

// A file that is read is not written over.
void check_output_is_no_input(const std::vector<std::filesystem::path>& paths, const GenerationParameters& parameters) {
  for (const auto& path : paths)
    for (const PictureInput* input : {&parameters.image, &parameters.mask, &parameters.to_image}) {
      std::error_code ignored;
      if (!input->name.empty() && std::filesystem::equivalent(path, input->name, ignored))
        throw Error(ErrorCode::InvalidArgument,
                    "[generate] output = " + path.string() + " is read as well; name another file");
    }
}

// "cat-1.png", "cat-2.png", …
std::vector<std::filesystem::path> numbered_paths(const std::filesystem::path& base, int64_t count) {
  std::vector<std::filesystem::path> paths;
  for (int64_t number = 1; number <= count; ++number)
    paths.push_back(base.parent_path() /
                    (base.stem().string() + "-" + std::to_string(number) + base.extension().string()));
  return paths;
}

// One path per picture: "cat.png", or "cat-1.png", "cat-2.png" for several. Without --output a name that is still free.
std::vector<std::filesystem::path> output_paths(const std::string& output, int64_t count) {
  namespace fs = std::filesystem;
  if (!output.empty()) return count == 1 ? std::vector<fs::path>{output} : numbered_paths(output, count);
  std::vector<fs::path> paths;
  for (int64_t number = 1; static_cast<int64_t>(paths.size()) < count; ++number) {
    const fs::path candidate = "easel-" + std::to_string(number) + ".png";
    if (!fs::exists(candidate)) paths.push_back(candidate);
  }
  return paths;
}

std::filesystem::path preview_path(const std::filesystem::path& output) {
  return output.parent_path() / (output.stem().string() + ".preview" + output.extension().string());
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

// RGB of a picture, for the sheet; what is clear lies on white.
Picture opaque(const Picture& picture) {
  return picture.channels == 3 ? picture : pictures_from_image(image_from_picture(picture)).front();
}

void check_animation(const std::filesystem::path& path, const GenerationParameters& parameters) {
  if (is_video_path(path)) return check_video_writable(path);
  if (picture_format_of(path) == PictureFormat::jpeg)
    throw Error(ErrorCode::InvalidArgument,
                "[animation] JPEG holds one picture; name a .webp, .png, .mp4 or .webm file, or take --files");
  check_saveable(path, parameters);
}

void check_stills(const OutputOptions& options, const std::vector<std::filesystem::path>& paths,
                  const GenerationParameters& parameters) {
  check_saveable(paths.front(), parameters);  // the others are of its format
  for (const auto& path : paths) check_output_writable(path);
  if (options.uncertainty.empty()) return;
  check_output_writable(options.uncertainty);
  if (paths.size() < 2)
    throw Error(ErrorCode::InvalidArgument, "[generate] uncertainty of one picture; take several with --samples");
}

std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The first frame's record, as that of all of them.
std::string json_of_all_frames(const std::vector<GeneratedPicture>& pictures) {
  nlohmann::ordered_json record = nlohmann::ordered_json::parse(pictures.front().json);
  record["frames"] = pictures.size();
  record["position"] = -1;
  return dumped(record);
}

}  // namespace

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
      {.name = "uncertainty", .field = &O::uncertainty,
       .help = "File for a map of how much several pictures (-n, --samples) differ, pixel by pixel; figures are printed."},
      {.name = "grid", .field = &O::grid,
       .help = "Pictures for every combination of values, and a labelled sheet of them at --output: steps=10,20 seed=1-4 "
               "cfg_scale=1-7 [3] prompt:cat=cat,dog; once for each parameter."},
  }};
  // clang-format on
  return table;
}

PictureOutput::PictureOutput(const OutputOptions& options, const GenerationParameters& parameters, Form form,
                             int64_t count)
    : options_(options),
      paths_(output_paths(options.output, form == Form::animation ? 1 : count)),
      bar_(options.json ? ProgressBar::Mode::silent : ProgressBar::mode_for_stderr()) {
  if (form == Form::animation)
    check_animation(paths_.front(), parameters);
  else
    check_stills(options, paths_, parameters);
  check_output_is_no_input(paths_, parameters);
}

GenerationCallbacks PictureOutput::callbacks() {
  GenerationCallbacks callbacks;
  callbacks.preview_every = options_.preview;
  callbacks.on_progress = [this](const GenerationProgress& progress) {
    bar_.show(progress);
    write_previews(progress.previews, paths_);
    return true;
  };
  callbacks.on_message = [](const std::string& message) { std::fprintf(stderr, "%s\n", message.c_str()); };
  return callbacks;
}

void PictureOutput::write(const std::vector<GeneratedPicture>& pictures) {
  for (size_t i = 0; i < pictures.size(); ++i) save_picture(paths_[i], pictures[i]);
  bar_.finish();
  for (const auto& path : paths_) std::filesystem::remove(preview_path(path));
  print(pictures);
}

void PictureOutput::write_animation(const std::vector<GeneratedPicture>& pictures, double frames_per_second) {
  std::vector<Picture> frames;
  for (const GeneratedPicture& picture : pictures) frames.push_back(picture.picture);
  const GeneratedPicture& first = pictures.front();
  AnimationOptions animation{.frames_per_second = frames_per_second};
  animation.metadata.json = json_of_all_frames(pictures);
  animation.metadata.xmp = first.xmp;
  if (is_video_path(paths_.front()))
    write_video(paths_.front(), frames, frames_per_second, animation.metadata.json);
  else
    easel::write_animation(paths_.front(), frames, animation);
  bar_.finish();
  std::filesystem::remove(preview_path(paths_.front()));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  if (options_.json)
    std::printf("%s\n", dumped({{"path", paths_.front().string()},
                                {"frames", frames.size()},
                                {"width", frames.front().width_px},
                                {"height", frames.front().height_px},
                                {"parameters", nlohmann::ordered_json::parse(animation.metadata.json)},
                                {"seconds", elapsed.count()}})
                            .c_str());
  else
    std::printf("%s  %zu frames, seed %lld\n", paths_.front().c_str(), frames.size(),
                static_cast<long long>(first.seed));
}

void PictureOutput::print(const std::vector<GeneratedPicture>& pictures) const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  nlohmann::ordered_json result{{"pictures", nlohmann::ordered_json::array()}, {"seconds", elapsed.count()}};
  for (size_t i = 0; i < pictures.size(); ++i) {
    if (!options_.json) std::printf("%s  seed %lld\n", paths_[i].c_str(), static_cast<long long>(pictures[i].seed));
    result["pictures"].push_back({{"path", paths_[i].string()},
                                  {"seed", pictures[i].seed},
                                  {"width", pictures[i].picture.width_px},
                                  {"height", pictures[i].picture.height_px},
                                  {"parameters", nlohmann::ordered_json::parse(pictures[i].json)}});
  }
  if (!options_.uncertainty.empty()) result["uncertainty"] = write_uncertainty(pictures);
  if (options_.json)
    std::printf("%s\n", dumped(result).c_str());
  else
    std::fprintf(stderr, "%s\n", format_duration(elapsed.count()).c_str());
}

nlohmann::ordered_json PictureOutput::write_uncertainty(const std::vector<GeneratedPicture>& pictures) const {
  std::vector<Picture> all;
  for (const GeneratedPicture& picture : pictures) all.push_back(picture.picture);
  const PixelSpread spread = pixel_spread(all);
  write_picture(options_.uncertainty, heat_map(spread));
  if (!options_.json)
    std::printf("%s  standard deviation of %zu pictures, of 255: mean %.2f, most %.2f; %.1f %% of the pixels differ\n",
                options_.uncertainty.c_str(), all.size(), spread.mean, spread.most, 100 * spread.changing_share);
  return {{"path", options_.uncertainty},
          {"mean", spread.mean},
          {"most", spread.most},
          {"changing_share", spread.changing_share}};
}

void write_grid(const OutputOptions& options, const GenerationParameters& parameters, const MakePicture& make) {
  if (options.output.empty()) throw Error(ErrorCode::InvalidArgument, "[grid] needs --output, the sheet's file");
  std::vector<GridAxis> axes;
  for (const std::string& axis : options.grid) axes.push_back(parse_grid_axis(axis));
  GenerationParameters one = parameters;
  one.num_images = 1;
  const std::vector<GridCell> cells = grid_cells(one, axes);
  const auto paths = numbered_paths(options.output, static_cast<int64_t>(cells.size()));
  check_saveable(options.output, one);
  check_stills(options, paths, one);
  check_output_is_no_input(paths, one);

  ProgressBar bar(options.json ? ProgressBar::Mode::silent : ProgressBar::mode_for_stderr());
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed_s = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  std::vector<storybook::CaptionedPicture> sheet;
  nlohmann::ordered_json result{{"sheet", options.output}, {"pictures", nlohmann::ordered_json::array()}};
  for (size_t i = 0; i < cells.size(); ++i) {
    bar.show(cells[i].label, static_cast<double>(i) / static_cast<double>(cells.size()), elapsed_s());
    const GeneratedPicture made = make(cells[i].parameters, {});
    save_picture(paths[i], made);
    sheet.push_back({opaque(made.picture), cells[i].label});
    result["pictures"].push_back({{"path", paths[i].string()}, {"label", cells[i].label}, {"seed", made.seed}});
  }
  write_picture(options.output, storybook::contact_sheet(sheet, static_cast<int>(axes.front().values.size())));
  bar.finish();
  if (options.json)
    std::printf("%s\n", dumped(result).c_str());
  else
    std::printf("%s  %zu pictures\n", options.output.c_str(), cells.size());
}

}  // namespace easel::cli
