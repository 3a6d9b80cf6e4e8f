// What shells complete, what man shows, and what a mistyped name is answered with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/easel_process.h"

namespace easel {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What bash offers at the end of a line.
std::string completed(const std::vector<std::string>& words) {
  const test::TemporaryFolder folder;
  folder.write("easel.bash", run_easel({"completions", "bash"}).out);
  std::string script = "source ./easel.bash; compopt() { :; }; COMP_WORDS=(";
  for (const std::string& word : words) script += "'" + word + "' ";
  script += "); COMP_CWORD=" + std::to_string(words.size() - 1) + "; _easel; printf '%s\\n' \"${COMPREPLY[@]}\" > out";
  folder.write("run.bash", script);
  EXPECT_EQ(std::system(("cd " + folder.path().string() + " && bash run.bash").c_str()), 0);
  return read_text(folder / "out");
}

bool has_program(const std::string& name) { return std::system(("command -v " + name + " >/dev/null").c_str()) == 0; }

void expect_sound(const std::string& format, const std::string& command) {
  const test::TemporaryFolder folder;
  folder.write("file", run_easel({"completions", format}).out);
  EXPECT_EQ(
      std::system(("cd " + folder.path().string() + " && " + command + " file >out 2>&1 && ! grep . out").c_str()), 0)
      << read_text(folder / "out");
}

TEST(Completions, BashKnowsCommandsOptionsAndChoices) {
  EXPECT_EQ(completed({"easel", "gen"}), "generate\n");
  EXPECT_EQ(completed({"easel", "model", "ins"}), "inspect\n");
  EXPECT_EQ(completed({"easel", "generate", "--sampler"}), "--sampler\n");
  EXPECT_EQ(completed({"easel", "generate", "a cat", "--sampler", "eul"}), "euler\neuler_ancestral\n");
  EXPECT_EQ(completed({"easel", "train", "text-to-image", "--prediction-type", "v"}), "v_prediction\n");
  EXPECT_THAT(completed({"easel", "generate", "--"}), Not(HasSubstr("guidance_scale")));
}

TEST(Completions, ZshAndFishReadTheirs) {
  if (!has_program("zsh") && !has_program("fish")) GTEST_SKIP() << "neither zsh nor fish here";
  if (has_program("zsh")) expect_sound("zsh", "zsh -n");
  if (has_program("fish")) expect_sound("fish", "fish --no-execute");
}

TEST(Completions, AllFourNameTheSamplers) {
  for (const char* format : {"bash", "zsh", "fish", "man"}) {
    std::string text = run_easel({"completions", format}).out;
    std::erase(text, '\\');
    for (const char* name : {"generate", "euler_ancestral", "guidance-scale", "inspect", "text-to-image"})
      EXPECT_THAT(text, HasSubstr(name)) << format;
  }
}

TEST(Completions, TheManPageIsSound) {
  if (!has_program("groff")) GTEST_SKIP() << "no groff here";
  expect_sound("man", "groff -man -Tutf8 -ww -z");
}

TEST(Completions, AnotherFormatIsRefused) {
  const ProcessResult result = run_easel({"completions", "tcsh"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("tcsh"));
}

std::string error_of(const std::vector<std::string>& arguments) {
  const ProcessResult result = run_easel(arguments);
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  return result.err;
}

TEST(Mistyped, CommandsAndOptionsAreAnsweredWithTheNearest) {
  EXPECT_THAT(error_of({"generat", "a cat"}), HasSubstr("did you mean generate?"));
  EXPECT_THAT(error_of({"model", "inspct", "x"}), HasSubstr("of easel model; did you mean inspect?"));
  EXPECT_THAT(error_of({"generate", "a cat", "--setps", "5"}), HasSubstr("did you mean --steps?"));
  EXPECT_THAT(error_of({"generate", "--num_inference_step=5"}), HasSubstr("did you mean --num-inference-steps?"));
  EXPECT_THAT(error_of({"--thread", "2", "generate"}), HasSubstr("did you mean --threads?"));
}

TEST(Mistyped, WhatIsNearNothingIsOnlyNamed) {
  EXPECT_THAT(error_of({"xyzzy"}), AllOf(HasSubstr("unknown command xyzzy"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(error_of({"generate", "-Z"}), AllOf(HasSubstr("unknown option -Z"), Not(HasSubstr("did you mean"))));
  EXPECT_THAT(error_of({"model"}), HasSubstr("needs one of inspect, random"));
}

TEST(Mistyped, NothingAtAllPrintsTheHelp) {
  const ProcessResult result = run_easel({});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.out, HasSubstr("generate"));
  EXPECT_EQ(result.err, "");
}

}  // namespace
}  // namespace easel
