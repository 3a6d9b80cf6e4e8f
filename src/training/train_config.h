// train_config.h — what a training is made from. The names are those of diffusers' training scripts where it has them;
// one table describes them all, and config files, flags and documentation derive from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "request/parameter_row.h"

namespace easel {

enum class TrainerKind : uint32_t { tokenizer = 1, autoencoder = 2, text_to_image = 4, clip = 8, scorer = 16 };

// As on the command line: "text-to-image".
const char* trainer_name(TrainerKind trainer);

// Values are checked against the table when they are set; check_train_config has the rules between them.
struct TrainConfig {
  // The data.
  std::string dataset = "storybook";
  std::string train_data_dir;
  std::string storybook_world = "whole";
  std::vector<std::string> storybook_emphasis;  // kinds
  std::string storybook_split = "train";
  int64_t num_examples = 0;  // 0: all; of Storybook 100,000
  int64_t resolution = 128;
  bool random_crop = false;
  bool random_flip = false;
  bool aspect_buckets = false;
  double caption_dropout = 0.1;
  bool check_pictures = true;
  std::string latent_cache;     // file; empty: latents are computed anew in every step
  std::string embedding_cache;  // file; empty: captions are encoded anew in every step

  // The networks.
  std::string model;  // folder to start from
  JsonText unet;      // content of a config.json
  JsonText vae;
  JsonText text_encoder;
  JsonText vision_model;
  std::string tokenizer;  // folder with vocab.json and merges.txt
  bool train_text_encoder = true;
  bool train_encoder = true;
  int64_t vocab_size = 4096;
  int64_t model_max_length = 77;
  std::string corpus;  // text file

  // The run.
  std::string output_dir;
  std::string device = "torch:cpu";
  int64_t seed = 0;
  int64_t max_train_steps = 10'000;
  int64_t train_batch_size = 16;
  int64_t gradient_accumulation_steps = 1;
  bool gradient_checkpointing = false;
  std::string mixed_precision = "no";
  std::string resume;  // "latest" or the folder of a checkpoint

  // The optimizer: AdamW.
  double learning_rate = 1e-4;
  std::string lr_schedule = "constant";
  int64_t lr_warmup_steps = 500;
  double adam_beta1 = 0.9;
  double adam_beta2 = 0.999;
  double adam_weight_decay = 1e-2;
  double adam_epsilon = 1e-8;
  double max_grad_norm = 1.0;
  bool use_ema = false;
  double ema_decay = 0.9999;
  bool use_ema_warmup = true;

  // The losses.
  std::string prediction_type = "epsilon";
  double snr_gamma = 0;      // 0: no weighting
  double object_weight = 1;  // 1: no weighting
  std::string timestep_sampling = "uniform";
  double kl_weight = 1e-6;
  double perceptual_weight = 0;
  std::string perceptual_model;  // a CLIP folder
  double adversarial_weight = 0;
  int64_t adversarial_start = 0;

  // What is written on the way.
  int64_t checkpointing_steps = 500;
  double checkpointing_minutes = 10;
  int64_t checkpoints_total_limit = 2;
  int64_t logging_steps = 10;
  int64_t sample_steps = 0;
  std::vector<std::string> sample_prompts;
  int64_t sample_inference_steps = 20;
  double sample_guidance_scale = 5.0;
};

using TrainParameter = ParameterRow<TrainConfig>;

// Every parameter; a row's tasks are the TrainerKind values that read it, or-ed.
const ParameterTable<TrainConfig>& train_table();

// Sets one parameter from text (lists: one entry per line; networks: JSON text or the path of a .json file). Throws
// InvalidArgument: unknown name (with the nearest known one), not used by this trainer, wrong type, out of range.
void set_train_parameter(TrainConfig& config, TrainerKind trainer, std::string_view name, const std::string& value);

// A .toml or .json file: an object of parameters by their names; all others keep their defaults. Paths count
// from the working folder, as those of flags do. Throws NotFound, CorruptFile, and what set_train_parameter throws.
TrainConfig read_train_config(const std::filesystem::path& path, TrainerKind trainer);
TrainConfig train_config_from_json(std::string_view json, TrainerKind trainer);
// Every parameter that the trainer uses.
std::string train_config_to_json(const TrainConfig& config, TrainerKind trainer);

// Rules between parameters. Throws InvalidArgument.
void check_train_config(const TrainConfig& config, TrainerKind trainer);

// The table as Markdown: the page docs/training-parameters.md.
std::string train_parameters_markdown();

}  // namespace easel
