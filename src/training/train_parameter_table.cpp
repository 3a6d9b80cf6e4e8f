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

constexpr double kMaxSteps = 1e9;

constexpr NumberRange kShare = between(0, 1);
constexpr NumberRange kSteps = between(0, kMaxSteps);
constexpr NumberRange kLossWeight = between(0, 1e3);

// clang-format off
const std::vector<TrainParameter> kDataRows = {
    {.name = "dataset", .field = &C::dataset, .choices = {{"storybook", "folder", "tar"}}, .tasks = kData,
     .help = "Where the examples come from: drawn on the fly, a folder of captioned pictures, or WebDataset tars."},
    {.name = "train_data_dir", .field = &C::train_data_dir, .tasks = kData,
     .help = "The folder of pictures, the tar, or the folder of tars."},
    {.name = "storybook_world", .field = &C::storybook_world,
     .help = "Which part of Storybook's world occurs."},
    {.name = "storybook_emphasis", .field = &C::storybook_emphasis, .tasks = kData,
     .help = "Kinds of things that occur three times as often, because they take longer to learn."},
    {.name = "storybook_split", .field = &C::storybook_split, .choices = {{"train", "held_out", "any"}},
     .tasks = kData,
     .help = "Which combinations occur: held_out are those that training never sees."},
    {.name = "num_examples", .field = &C::num_examples, .range = between(0, 1e9), .tasks = kData,
     .help = "At most this many examples; 0 takes all, and 100000 scenes of Storybook."},
    {.name = "resolution", .field = &C::resolution, .range = between(8, 4096), .unit = "px", .tasks = kPictures,
     .help = "Side of the square that pictures are resized and cropped to."},
    {.name = "random_crop", .field = &C::random_crop, .tasks = kPictures,
     .help = "Crop anywhere instead of in the middle."},
    {.name = "random_flip", .field = &C::random_flip, .tasks = kPictures,
     .help = "Mirror every second picture; makes left and right in captions wrong."},
    {.name = "aspect_buckets", .field = &C::aspect_buckets, .tasks = kAutoencoder | kDiffusion,
     .help = "Sort pictures by their shape into sizes of about resolution x resolution pixels instead of squares."},
    {.name = "caption_dropout", .field = &C::caption_dropout, .range = kShare, .tasks = kDiffusion,
     .help = "Share of captions that are emptied, from which guidance learns the unconditional prediction."},
    {.name = "check_pictures", .field = &C::check_pictures, .tasks = kData,
     .help = "Decode every picture before training, so that broken ones are known and left out."},
    {.name = "latent_cache", .field = &C::latent_cache, .tasks = kDiffusion,
     .help = "File that keeps the pictures' latents; made where it is missing. Excludes random crops and flips."},
    {.name = "embedding_cache", .field = &C::embedding_cache, .tasks = kDiffusion,
     .help = "File that keeps what the text encoder makes of each caption; grows as captions come. Excludes "
             "train_text_encoder."},
};

const std::vector<TrainParameter> kNetworksRows = {
    {.name = "model", .field = &C::model, .tasks = kNetworks,
     .help = "Model to start from, a diffusers folder; components that it has need no configuration."},
    {.name = "unet", .field = &C::unet, .tasks = kDiffusion,
     .help = "Configuration of a new U-Net, as its config.json."},
    {.name = "vae", .field = &C::vae, .tasks = kAutoencoder,
     .help = "Configuration of a new autoencoder, as its config.json."},
    {.name = "text_encoder", .field = &C::text_encoder, .tasks = kDiffusion | kClip,
     .help = "Configuration of a new text encoder, as its config.json."},
    {.name = "vision_model", .field = &C::vision_model, .tasks = kClip | kScorer,
     .help = "Configuration of a new image tower, as its config.json."},
    {.name = "tokenizer", .field = &C::tokenizer, .tasks = kDiffusion | kClip,
     .help = "Folder with vocab.json and merges.txt, where the model brings none."},
    {.name = "train_encoder", .field = &C::train_encoder, .tasks = kAutoencoder,
     .help = "Train the encoder with the decoder; otherwise it stays, and with it the latents that a U-Net knows."},
    {.name = "train_text_encoder", .field = &C::train_text_encoder, .tasks = kDiffusion,
     .help = "Train the text encoder with the U-Net; otherwise it stays as it is."},
    {.name = "corpus", .field = &C::corpus, .tasks = kTokenizer,
     .help = "Text file to learn words from, instead of captions."},
    {.name = "vocab_size", .field = &C::vocab_size, .range = between(514, 1e6), .unit = "tokens",
     .tasks = kTokenizer,
     .help = "Size of the vocabulary: 512 bytes, the merges, and the two special tokens."},
    {.name = "model_max_length", .field = &C::model_max_length, .range = between(3, 4096), .unit = "tokens",
     .tasks = kTokenizer,
     .help = "Length of a prompt's row of tokens, start and end included."},
};

const std::vector<TrainParameter> kRunRows = {
    {.name = "output_dir", .field = &C::output_dir,
     .help = "Folder for the result, checkpoints, log and samples."},
    {.name = "device", .field = &C::device, .tasks = kNetworks,
     .help = "torch:cpu, cuda or cuda:N."},
    {.name = "seed", .field = &C::seed, .range = between(0, kMaxSeed),
     .help = "Start of all random numbers: first weights, order of examples, crops, noise."},
    {.name = "max_train_steps", .field = &C::max_train_steps, .range = between(1, kMaxSteps), .unit = "steps",
     .tasks = kNetworks,
     .help = "Steps of the optimizer."},
    {.name = "train_batch_size", .field = &C::train_batch_size, .range = between(1, 65536), .tasks = kNetworks,
     .help = "Examples in a batch, per process."},
    {.name = "gradient_accumulation_steps", .field = &C::gradient_accumulation_steps, .range = between(1, 65536),
     .unit = "batches", .tasks = kNetworks,
     .help = "Batches whose gradients are added up before a step."},
    {.name = "gradient_checkpointing", .field = &C::gradient_checkpointing, .tasks = kNetworks,
     .help = "Compute activations a second time instead of keeping them: less memory, more time."},
    {.name = "mixed_precision", .field = &C::mixed_precision, .choices = {{"no", "bf16"}}, .tasks = kNetworks,
     .help = "Number format of products on a GPU; weights, norms and sums stay f32."},
    {.name = "resume", .field = &C::resume, .tasks = kNetworks,
     .help = "Continue from a checkpoint: its folder, or latest for the last one in output_dir."},
};

const std::vector<TrainParameter> kOptimizerRows = {
    {.name = "learning_rate", .field = &C::learning_rate, .range = between(0, 10), .tasks = kNetworks,
     .help = "AdamW's step size at its highest."},
    {.name = "lr_schedule", .field = &C::lr_schedule,
     .choices = {{"constant", "constant_with_warmup", "linear", "cosine"}}, .tasks = kNetworks,
     .help = "How the learning rate changes over the steps."},
    {.name = "lr_warmup_steps", .field = &C::lr_warmup_steps, .range = kSteps, .unit = "steps", .tasks = kNetworks,
     .help = "Steps in which the learning rate rises from 0; unused by constant."},
    {.name = "adam_beta1", .field = &C::adam_beta1, .range = between(0, 0.999999), .tasks = kNetworks,
     .help = "Decay of the mean of gradients."},
    {.name = "adam_beta2", .field = &C::adam_beta2, .range = between(0, 0.999999), .tasks = kNetworks,
     .help = "Decay of the mean of squared gradients."},
    {.name = "adam_weight_decay", .field = &C::adam_weight_decay, .range = kShare, .tasks = kNetworks,
     .help = "Decoupled weight decay (Loshchilov & Hutter 2019)."},
    {.name = "adam_epsilon", .field = &C::adam_epsilon, .range = between(1e-16, 1), .tasks = kNetworks,
     .help = "Added to the root of the mean square."},
    {.name = "max_grad_norm", .field = &C::max_grad_norm, .range = between(0, 1e9), .tasks = kNetworks,
     .help = "Gradients are scaled down to this norm over all weights; 0 leaves them."},
    {.name = "use_ema", .field = &C::use_ema, .tasks = kNetworks,
     .help = "Keep an exponential moving average of the weights as the result."},
    {.name = "ema_decay", .field = &C::ema_decay, .range = kShare, .tasks = kNetworks,
     .help = "Share of the average that stays in each step."},
    {.name = "use_ema_warmup", .field = &C::use_ema_warmup, .tasks = kNetworks,
     .help = "Begin with a smaller decay, (1 + step) / (10 + step), until ema_decay is reached."},
};

const std::vector<TrainParameter> kLossesRows = {
    {.name = "prediction_type", .field = &C::prediction_type, .choices = {{"epsilon", "v_prediction"}},
     .tasks = kDiffusion,
     .help = "What the U-Net predicts."},
    {.name = "object_weight", .field = &C::object_weight, .range = between(1, 100), .tasks = kDiffusion,
     .help = "How often the error inside the boxes of things counts, of storybook scenes; outside it counts once."},
    {.name = "snr_gamma", .field = &C::snr_gamma, .range = between(0, 1e3), .tasks = kDiffusion,
     .help = "Min-SNR weighting of the timesteps (Hang et al. 2023; the paper uses 5); 0 weights all timesteps equally."},
    {.name = "timestep_sampling", .field = &C::timestep_sampling, .choices = {{"uniform", "logit_normal"}},
     .tasks = kDiffusion,
     .help = "How often each timestep comes; logit_normal (Esser et al. 2024) prefers those in the middle."},
    {.name = "kl_weight", .field = &C::kl_weight, .range = kLossWeight, .tasks = kAutoencoder,
     .help = "Weight of the divergence of latents from the standard normal distribution."},
    {.name = "perceptual_weight", .field = &C::perceptual_weight, .range = kLossWeight, .tasks = kAutoencoder,
     .help = "Weight of how much reconstructions differ to the perceptual model."},
    {.name = "perceptual_model", .field = &C::perceptual_model, .tasks = kAutoencoder,
     .help = "Folder of a CLIP model with an image_size of resolution; a perceptual weight needs it."},
    {.name = "adversarial_weight", .field = &C::adversarial_weight, .range = kLossWeight, .tasks = kAutoencoder,
     .help = "Weight of the hinge loss that a discriminator of patches gives, which is trained along."},
    {.name = "adversarial_start", .field = &C::adversarial_start, .range = kSteps, .unit = "steps",
     .tasks = kAutoencoder,
     .help = "Steps before the discriminator takes part."},
};

const std::vector<TrainParameter> kOutputRows = {
    {.name = "checkpointing_steps", .field = &C::checkpointing_steps, .range = kSteps, .unit = "steps",
     .tasks = kNetworks,
     .help = "Steps between checkpoints; 0: by time only."},
    {.name = "checkpointing_minutes", .field = &C::checkpointing_minutes, .range = between(0, 1e4), .unit = "min",
     .tasks = kNetworks,
     .help = "Minutes after which a checkpoint is written as well; 0: by steps only."},
    {.name = "checkpoints_total_limit", .field = &C::checkpoints_total_limit, .range = between(1, 1e6),
     .tasks = kNetworks,
     .help = "Older checkpoints than the last this many are removed."},
    {.name = "logging_steps", .field = &C::logging_steps, .range = between(1, kMaxSteps), .unit = "steps",
     .tasks = kNetworks,
     .help = "Steps between lines of the log."},
    {.name = "sample_steps", .field = &C::sample_steps, .range = kSteps, .unit = "steps",
     .tasks = kAutoencoder | kDiffusion,
     .help = "Steps between grids of sample pictures; 0: none."},
    {.name = "sample_prompts", .field = &C::sample_prompts, .tasks = kDiffusion,
     .help = "Prompts of the sample pictures; without any, captions of the data."},
    {.name = "sample_inference_steps", .field = &C::sample_inference_steps, .range = between(1, 1000),
     .unit = "steps", .tasks = kDiffusion,
     .help = "Denoising steps of a sample picture."},
    {.name = "sample_guidance_scale", .field = &C::sample_guidance_scale, .range = between(0, 100),
     .tasks = kDiffusion,
     .help = "Guidance of the sample pictures, and the default of the model."},
};
// clang-format on

}  // namespace

const ParameterTable<TrainConfig>& train_table() {
  static const ParameterTable<TrainConfig> table(
      "train",
      [] {
        std::vector<TrainParameter> rows;
        for (const auto* part : {&kDataRows, &kNetworksRows, &kRunRows, &kOptimizerRows, &kLossesRows, &kOutputRows})
          rows.insert(rows.end(), part->begin(), part->end());
        return rows;
      }(),
      [](uint32_t trainer) { return trainer_name(static_cast<TrainerKind>(trainer)); });
  return table;
}

}  // namespace easel
