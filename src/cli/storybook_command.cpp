// easel storybook render — pictures of the storybook world with their captions, as a dataset or to look at.
#include <chrono>
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "easel/error.h"
#include "files/message_text.h"
#include "storybook/render.h"

namespace easel::cli {
namespace {

using namespace storybook;

struct StorybookOptions {
  RenderOptions render;
  std::string world = "whole";
  std::string split = "train";
  std::string kind, colour, setting, style;  // empty: all of the world's
  std::string output;
  std::string sheet;
  int sheet_columns = 8;
  bool tar = false;
};

template <typename T>
void narrow(std::vector<T>& all, const std::string& name, T (*find)(std::string_view)) {
  if (!name.empty()) all = {find(name)};
}

RenderOptions requested(const StorybookOptions& options) {
  RenderOptions render = options.render;
  render.world = find_world(options.world);
  render.split = find_split(options.split);
  if (!options.kind.empty()) render.world.kinds = {find_kind(options.kind, render.world.kinds)};
  narrow(render.world.colours, options.colour, find_colour);
  narrow(render.world.settings, options.setting, find_setting);
  narrow(render.world.styles, options.style, find_style);
  return render;
}

// "320 of 1000 pictures, 4 s left", redrawn on a terminal, every ten seconds elsewhere.
class PictureCounter {
 public:
  ~PictureCounter() {
    if (mode_ == ProgressBar::Mode::terminal) std::fprintf(stderr, "\r\x1b[K");
  }
  bool show(int64_t done, int64_t count) {
    using Clock = std::chrono::steady_clock;
    const double elapsed_s = std::chrono::duration<double>(Clock::now() - start_).count();
    const bool terminal = mode_ == ProgressBar::Mode::terminal;
    if (elapsed_s - shown_s_ >= (terminal ? 0.1 : 10.0)) {
      const double left_s = elapsed_s / static_cast<double>(done) * static_cast<double>(count - done);
      std::fprintf(stderr, "%s%lld of %lld pictures, %s left%s", terminal ? "\r\x1b[K" : "",
                   static_cast<long long>(done), static_cast<long long>(count), format_duration(left_s).c_str(),
                   terminal ? "" : "\n");
      std::fflush(stderr);
      shown_s_ = elapsed_s;
    }
    return !interrupted();
  }

 private:
  ProgressBar::Mode mode_ = ProgressBar::mode_for_stderr();
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double shown_s_ = 0;
};

int render(const StorybookOptions& options) {
  if (options.output.empty() && options.sheet.empty())
    throw Error(ErrorCode::InvalidArgument,
                "[storybook] nothing to write; give --output FOLDER, --sheet FILE, or both");
  const RenderOptions what = requested(options);
  PictureCounter counter;
  const RenderProgress progress = [&](int64_t done, int64_t count) { return counter.show(done, count); };
  if (!options.output.empty()) (options.tar ? render_shards : render_folder)(what, options.output, progress);
  if (!options.sheet.empty()) render_sheet(what, options.sheet, options.sheet_columns, progress);
  return 0;
}

void add_render_options(CLI::App& command, StorybookOptions& options) {
  RenderOptions& render = options.render;
  command.add_option("-o,--output", options.output,
                     "Folder to fill, new or empty: pictures and metadata.jsonl, or tars");
  command.add_flag("--tar", options.tar, "Write WebDataset shards");
  command.add_flag("--ground-truth", render.ground_truth, "Write masks, edges and boxes of the things too");
  command.add_option("--shard-size", render.shard_size, "Pictures per tar")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--sheet", options.sheet, "Contact sheet to write: .png, .jpg or .webp");
  command.add_option("--columns", options.sheet_columns, "Pictures per row of the contact sheet")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command.add_option("-n,--count", render.count, "Pictures")
      ->check(CLI::Range(int64_t{1}, int64_t{100'000'000}))
      ->capture_default_str();
  command.add_option("--size", render.size_px, "Pixels a side")->check(CLI::Range(16, 4096))->capture_default_str();
  command.add_option("-s,--seed", render.seed, "Seed of the first scene; the next have the next seeds")
      ->capture_default_str();
  command.add_option("--world", options.world, "first, small, whole, picturebook or picturebook_core")
      ->capture_default_str();
  command.add_option("--split", options.split, "train, held_out (combinations that training never shows), or any")
      ->capture_default_str();
  command.add_option("--kind", options.kind, "Only this kind of subject: cat, castle, …");
  command.add_option("--colour,--color", options.colour, "Only this colour");
  command.add_option("--setting", options.setting, "Only this setting: beach, room, …");
  command.add_option("--style", options.style, "Only this style: watercolour, pixel_art, …");
}

}  // namespace

void add_storybook_command(CLI::App& app, Command& chosen) {
  CLI::App* storybook = app.add_subcommand("storybook", "The procedural world that the default model learns from");
  storybook->require_subcommand(1);
  CLI::App* command = storybook->add_subcommand("render", "Draw scenes with captions, as a dataset or to look at");
  const auto options = std::make_shared<StorybookOptions>();
  add_render_options(*command, *options);
  command->callback([options, &chosen] { chosen = [options] { return render(*options); }; });
}

}  // namespace easel::cli
