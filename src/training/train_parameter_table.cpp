// The table of training parameters. Everything else about them derives from it (train_config.cpp).
#include "training/train_config.h"

namespace easel {
namespace {

using C = TrainConfig;

constexpr uint32_t kTokenizer = static_cast<uint32_t>(TrainerKind::tokenizer);
constexpr uint32_t kAutoencoder = static_cast<uint32_t>(TrainerKind::autoencoder);
constexpr uint32_t kDiffusion = static_cast<uint32_t>(TrainerKind::text_to_image);
constexpr uint32_t kClip = static_cast<uint32_t>(TrainerKind::clip);
constexpr uint32_t kScorer = static_cast<uint32_t>(TrainerKind::scorer);
constexpr uint32_t kNetworks = kAutoencoder | kDiffusion | kClip | kScorer;
constexpr uint32_t kPictures = kAutoencoder | kDiffusion | kClip;  // the scorer draws its own
constexpr uint32_t kData = kTokenizer | kPictures;
constexpr uint32_t kEvery = kTokenizer | kNetworks;

constexpr double kMaxSeed = 9007199254740991;  // 2^53 - 1: exact in JSON readers that hold numbers as doubles
constexpr double kMaxSteps = 1e9;

const ParameterRange kAnyText{};
const ParameterRange kShare{0, 1, {}};
const ParameterRange kSteps{0, kMaxSteps, {}};
const ParameterRange kLossWeight{0, 1e3, {}};

void add_data(std::vector<TrainParameter>& table) {
  const std::vector<TrainParameter> rows = {
      {"dataset",
       &C::dataset,
       {0, 0, {"storybook", "folder", "tar"}},
       "",
       kData,
       "Where the examples come from: drawn on the fly, a folder of captioned pictures, or WebDataset tars."},
      {"train_data_dir", &C::train_data_dir, kAnyText, "", kData,
       "The folder of pictures, the tar, or the folder of tars."},
      {"storybook_world", &C::storybook_world, kAnyText, "", kEvery, "Which part of Storybook's world occurs."},
      {"storybook_emphasis",
       &C::storybook_emphasis,
       {},
       "",
       kData,
       "Kinds of things that occur three times as often, because they take longer to learn."},
      {"storybook_split",
       &C::storybook_split,
       {0, 0, {"train", "held_out", "any"}},
       "",
       kData,
       "Which combinations occur: held_out are those that training never sees."},
      {"num_examples",
       &C::num_examples,
       {0, 1e9, {}},
       "",
       kData,
       "At most so many examples; 0 takes all, and 100000 scenes of Storybook."},
      {"resolution",
       &C::resolution,
       {8, 4096, {}},
       "px",
       kPictures,
       "Side of the square that pictures are resized and cropped to."},
      {"random_crop", &C::random_crop, {}, "", kPictures, "Crop anywhere instead of in the middle."},
      {"random_flip",
       &C::random_flip,
       {},
       "",
       kPictures,
       "Mirror every second picture; makes left and right in captions wrong."},
      {"aspect_buckets",
       &C::aspect_buckets,
       {},
       "",
       kAutoencoder | kDiffusion,
       "Sort pictures by their shape into sizes of about resolution x resolution pixels instead of squares."},
      {"caption_dropout", &C::caption_dropout, kShare, "", kDiffusion,
       "Share of captions that are emptied, from which guidance learns the unconditional prediction."},
      {"check_pictures",
       &C::check_pictures,
       {},
       "",
       kData,
       "Decode every picture before training, so that broken ones are known and left out."},
      {"latent_cache", &C::latent_cache, kAnyText, "", kDiffusion,
       "File that keeps the pictures' latents; made where it is missing. Excludes random crops and flips."},
      {"embedding_cache", &C::embedding_cache, kAnyText, "", kDiffusion,
       "File that keeps what the text encoder makes of each caption; grows as captions come. Excludes "
       "train_text_encoder."},
  };
  table.insert(table.end(), rows.begin(), rows.end());
}

void add_networks(std::vector<TrainParameter>& table) {
  const std::vector<TrainParameter> rows = {
      {"model", &C::model, kAnyText, "", kNetworks,
       "Model to start from, a diffusers folder; components that it has need no configuration."},
      {"unet", &C::unet, {}, "", kDiffusion, "Configuration of a new U-Net, as its config.json."},
      {"vae", &C::vae, {}, "", kAutoencoder, "Configuration of a new autoencoder, as its config.json."},
      {"text_encoder",
       &C::text_encoder,
       {},
       "",
       kDiffusion | kClip,
       "Configuration of a new text encoder, as its config.json."},
      {"vision_model",
       &C::vision_model,
       {},
       "",
       kClip | kScorer,
       "Configuration of a new image tower, as its config.json."},
      {"tokenizer", &C::tokenizer, kAnyText, "", kDiffusion | kClip,
       "Folder with vocab.json and merges.txt, where the model brings none."},
      {"train_encoder",
       &C::train_encoder,
       {},
       "",
       kAutoencoder,
       "Train the encoder with the decoder; otherwise it stays, and with it the latents that a U-Net knows."},
      {"train_text_encoder",
       &C::train_text_encoder,
       {},
       "",
       kDiffusion,
       "Train the text encoder with the U-Net; otherwise it stays as it is."},
      {"corpus", &C::corpus, kAnyText, "", kTokenizer, "Text file to learn words from, instead of captions."},
      {"vocab_size",
       &C::vocab_size,
       {514, 1e6, {}},
       "tokens",
       kTokenizer,
       "Size of the vocabulary: 512 bytes, the merges, and the two special tokens."},
      {"model_max_length",
       &C::model_max_length,
       {3, 4096, {}},
       "tokens",
       kTokenizer,
       "Length of a prompt's row of tokens, start and end included."},
  };
  table.insert(table.end(), rows.begin(), rows.end());
}

void add_run(std::vector<TrainParameter>& table) {
  const std::vector<TrainParameter> rows = {
      {"output_dir", &C::output_dir, kAnyText, "", kEvery, "Folder for the result, checkpoints, log and samples."},
      {"device", &C::device, kAnyText, "", kNetworks, "torch:cpu, cuda or cuda:N."},
      {"seed",
       &C::seed,
       {0, kMaxSeed, {}},
       "",
       kEvery,
       "Start of all random numbers: first weights, order of examples, crops, noise."},
      {"max_train_steps", &C::max_train_steps, {1, kMaxSteps, {}}, "steps", kNetworks, "Steps of the optimizer."},
      {"train_batch_size", &C::train_batch_size, {1, 65536, {}}, "", kNetworks, "Examples in a batch, per process."},
      {"gradient_accumulation_steps",
       &C::gradient_accumulation_steps,
       {1, 65536, {}},
       "batches",
       kNetworks,
       "Batches whose gradients are added up before a step."},
      {"gradient_checkpointing",
       &C::gradient_checkpointing,
       {},
       "",
       kNetworks,
       "Compute activations a second time instead of keeping them: less memory, more time."},
      {"mixed_precision",
       &C::mixed_precision,
       {0, 0, {"no", "bf16"}},
       "",
       kNetworks,
       "Number format of products on a GPU; weights, norms and sums stay f32."},
      {"resume", &C::resume, kAnyText, "", kNetworks,
       "Continue from a checkpoint: its folder, or latest for the last one in output_dir."},
  };
  table.insert(table.end(), rows.begin(), rows.end());
}

void add_optimizer(std::vector<TrainParameter>& table) {
  const std::vector<TrainParameter> rows = {
      {"learning_rate", &C::learning_rate, {0, 10, {}}, "", kNetworks, "AdamW's step size at its highest."},
      {"lr_schedule",
       &C::lr_schedule,
       {0, 0, {"constant", "constant_with_warmup", "linear", "cosine"}},
       "",
       kNetworks,
       "How the learning rate changes over the steps."},
      {"lr_warmup_steps", &C::lr_warmup_steps, kSteps, "steps", kNetworks,
       "Steps in which the learning rate rises from 0; unused by constant."},
      {"adam_beta1", &C::adam_beta1, {0, 0.999999, {}}, "", kNetworks, "Decay of the mean of gradients."},
      {"adam_beta2", &C::adam_beta2, {0, 0.999999, {}}, "", kNetworks, "Decay of the mean of squared gradients."},
      {"adam_weight_decay", &C::adam_weight_decay, kShare, "", kNetworks,
       "Decoupled weight decay (Loshchilov & Hutter 2019)."},
      {"adam_epsilon", &C::adam_epsilon, {1e-16, 1, {}}, "", kNetworks, "Added to the root of the mean square."},
      {"max_grad_norm",
       &C::max_grad_norm,
       {0, 1e9, {}},
       "",
       kNetworks,
       "Gradients are scaled down to this norm over all weights; 0 leaves them."},
      {"use_ema", &C::use_ema, {}, "", kNetworks, "Keep an exponential moving average of the weights as the result."},
      {"ema_decay", &C::ema_decay, kShare, "", kNetworks, "Share of the average that stays in each step."},
      {"use_ema_warmup",
       &C::use_ema_warmup,
       {},
       "",
       kNetworks,
       "Begin with a smaller decay, (1 + step) / (10 + step), until ema_decay is reached."},
  };
  table.insert(table.end(), rows.begin(), rows.end());
}

void add_losses(std::vector<TrainParameter>& table) {
  const std::vector<TrainParameter> rows = {
      {"prediction_type",
       &C::prediction_type,
       {0, 0, {"epsilon", "v_prediction"}},
       "",
       kDiffusion,
       "What the U-Net predicts."},
      {"snr_gamma",
       &C::snr_gamma,
       {0, 1e3, {}},
       "",
       kDiffusion,
       "Min-SNR weighting of the timesteps (Hang et al. 2023), 5 there; 0 weighs all alike."},
      {"timestep_sampling",
       &C::timestep_sampling,
       {0, 0, {"uniform", "logit_normal"}},
       "",
       kDiffusion,
       "How often each timestep comes; logit_normal (Esser et al. 2024) prefers those in the middle."},
      {"kl_weight", &C::kl_weight, kLossWeight, "", kAutoencoder,
       "Weight of the divergence of latents from the standard normal distribution."},
      {"perceptual_weight", &C::perceptual_weight, kLossWeight, "", kAutoencoder,
       "Weight of how much reconstructions differ to the perceptual model."},
      {"perceptual_model", &C::perceptual_model, kAnyText, "", kAutoencoder,
       "Folder of a CLIP model with an image_size of resolution; a perceptual weight needs it."},
      {"adversarial_weight", &C::adversarial_weight, kLossWeight, "", kAutoencoder,
       "Weight of the hinge loss that a discriminator of patches gives, which is trained along."},
      {"adversarial_start", &C::adversarial_start, kSteps, "steps", kAutoencoder,
       "Steps before the discriminator takes part."},
  };
  table.insert(table.end(), rows.begin(), rows.end());
}

void add_output(std::vector<TrainParameter>& table) {
  const std::vector<TrainParameter> rows = {
      {"checkpointing_steps", &C::checkpointing_steps, kSteps, "steps", kNetworks,
       "Steps between checkpoints; 0: by time only."},
      {"checkpointing_minutes",
       &C::checkpointing_minutes,
       {0, 1e4, {}},
       "min",
       kNetworks,
       "Minutes after which a checkpoint is written as well; 0: by steps only."},
      {"checkpoints_total_limit",
       &C::checkpoints_total_limit,
       {1, 1e6, {}},
       "",
       kNetworks,
       "Older checkpoints than the last so many are removed."},
      {"logging_steps", &C::logging_steps, {1, kMaxSteps, {}}, "steps", kNetworks, "Steps between lines of the log."},
      {"sample_steps", &C::sample_steps, kSteps, "steps", kAutoencoder | kDiffusion,
       "Steps between grids of sample pictures; 0: none."},
      {"sample_prompts",
       &C::sample_prompts,
       {},
       "",
       kDiffusion,
       "Prompts of the sample pictures; without any, captions of the data."},
      {"sample_inference_steps",
       &C::sample_inference_steps,
       {1, 1000, {}},
       "steps",
       kDiffusion,
       "Denoising steps of a sample picture."},
      {"sample_guidance_scale",
       &C::sample_guidance_scale,
       {0, 100, {}},
       "",
       kDiffusion,
       "Guidance of the sample pictures, and of who generates with the model and asks for none."},
  };
  table.insert(table.end(), rows.begin(), rows.end());
}

}  // namespace

const std::vector<TrainParameter>& train_parameter_table() {
  static const std::vector<TrainParameter> table = [] {
    std::vector<TrainParameter> rows;
    add_data(rows);
    add_networks(rows);
    add_run(rows);
    add_optimizer(rows);
    add_losses(rows);
    add_output(rows);
    return rows;
  }();
  return table;
}

}  // namespace easel
