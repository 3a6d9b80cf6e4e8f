// easel — the command line. Every failure is one line on standard error and an exit status (error.h).
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "cli/command_tree.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "easel/error.h"
#include "easel/version.h"
#include "tensor/cancellation_scope.h"
#include "tensor/parallel.h"

namespace easel::cli {
namespace {

int run(int argc, char** argv) {
  CLI::App app{"Stable Diffusion as one native program: generates pictures from words, on a plain CPU.", "easel"};
  app.set_version_flag("--version", std::string("easel ") + kVersion);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.require_subcommand(1);
  app.fallthrough();
  int threads = 0;
  app.add_option("--threads", threads, "Threads to use; default: every CPU this process may run on, or EASEL_THREADS")
      ->check(CLI::Range(1, 1024));

  Command chosen;
  add_generate_commands(app, chosen);
  add_morph_command(app, chosen);
  add_upscale_command(app, chosen);
  add_model_command(app, chosen);
  add_prompt_command(app, chosen);
  add_picture_command(app, chosen);
  add_bench_command(app, chosen);
  add_storybook_command(app, chosen);
  add_evaluate_command(app, chosen);
  add_parameters_command(app, chosen);
  add_train_command(app, chosen);
  add_completions_command(app, chosen);
  if (argc == 1) {
    std::fputs(app.help().c_str(), stdout);
    return error_exit_code(ErrorCode::InvalidArgument);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    const std::string mistake = describe_mistake(app, error, {argv + 1, argv + argc});
    std::fprintf(stderr, "easel: %s (see easel --help)\n", mistake.c_str());
    return error_exit_code(ErrorCode::InvalidArgument);
  }
  if (threads > 0) set_thread_count(threads);
  catch_interrupts();
  const ScopedCancellation scope(interrupt_token());
  return chosen();
}

}  // namespace
}  // namespace easel::cli

int main(int argc, char** argv) {
  try {
    return easel::cli::run(argc, argv);
  } catch (const easel::Error& error) {
    if (error.code() == easel::ErrorCode::Cancelled)
      easel::cli::report_cancelled(error.what());
    else
      std::fprintf(stderr, "easel: %s\n", error.what());
    return easel::error_exit_code(error.code());
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "easel: out of memory\n");
    return easel::error_exit_code(easel::ErrorCode::ResourceExhausted);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "easel: internal error: %s\n", error.what());
    return easel::error_exit_code(easel::ErrorCode::Internal);
  }
}
