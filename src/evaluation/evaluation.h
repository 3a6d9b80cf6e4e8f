// evaluation.h — how good a model of Storybook is, in numbers.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evaluation/clip_score.h"
#include "evaluation/scene_scorer.h"
#include "models/vae/autoencoder_kl.h"
#include "storybook/world.h"

namespace easel {

struct EvaluationOptions {
  storybook::World world;
  int64_t num_prompts = 500;  // at least 2; half of combinations seen in training, half held out
  uint64_t seed = 0;          // of the scenes; training never uses these
  int size_px = 128;
};

struct PromptedScene {
  storybook::Scene scene;
  storybook::Split split = storybook::Split::train;  // train or held_out
  std::string prompt;                                // names all that is scored
};

// The scenes of seen combinations first.
std::vector<PromptedScene> evaluation_prompts(const EvaluationOptions& options);

// Drawings of other scenes from the same two distributions, as many as prompts: what the scorer is measured on and what
// generated pictures are compared with.
struct RealRenders {
  std::vector<storybook::Scene> scenes;
  std::vector<Picture> pictures;
};
RealRenders evaluation_renders(const EvaluationOptions& options);

// What measures. The last two may be null: their numbers are then unknown.
struct Judges {
  const SceneScorer& scorer;
  const ClipScorer* clip = nullptr;
  const AutoencoderKL* vae = nullptr;
  BackendKind backend = BackendKind::cpu;  // that the autoencoder is on
};

struct Evaluation {
  AttributeScores seen, held_out;
  AttributeScores scorer_accuracy;     // on real renders: what a perfect model would score
  std::optional<double> frechet;       // in the scorer's features, against real renders
  std::optional<double> clip_score;    // mean over pictures, 0..100
  std::optional<double> vae_psnr;      // dB, mean over real renders
  std::vector<SceneVerdict> verdicts;  // of each prompt
};

// pictures[n] was made from prompts[n].
Evaluation evaluate_pictures(std::span<const PromptedScene> prompts, std::span<const Picture> pictures,
                             const RealRenders& renders, const Judges& judges);

// Peak signal-to-noise ratio, in dB, of what encoder (the mean) and decoder make of the pictures: the mean over
// pictures of 10 log10(4 / mean squared error), values being in -1..1. Pictures of one size that fits the autoencoder.
double reconstruction_psnr(const AutoencoderKL& vae, std::span<const Picture> pictures, BackendKind backend);

// {"seen": {"kind", "colour", "count", "relation", "setting", "style"}, "held_out": {…}, "scorer_accuracy": {…},
// "frechet", "clip_score", "vae_psnr"}; null is what is unknown.
nlohmann::ordered_json evaluation_to_json(const Evaluation& evaluation);
// The same as a table to read.
std::string evaluation_table(const Evaluation& evaluation);

}  // namespace easel
