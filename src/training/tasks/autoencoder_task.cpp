#include "training/tasks/autoencoder_task.h"

#include <algorithm>
#include <cmath>

#include "checkpoints/model_package_writer.h"
#include "datasets/step_random.h"
#include "easel/error.h"
#include "ops/autograd.h"
#include "ops/ops.h"
#include "pictures/picture_grid.h"
#include "pictures/picture_tensor.h"
#include "training/losses/losses.h"

namespace easel {
namespace {

constexpr float kFirstLogvar = -6.0f;  // a deviation of 0.05
constexpr int64_t kSheetPictures = 8;
constexpr int64_t kScalingExamples = 256;  // enough for the deviation to within a percent: each has many latents

Tensor on_torch(const Tensor& x) { return to_backend(x, BackendKind::torch); }

// mean + exp(logvar / 2) * noise, recorded.
Tensor sampled(const LatentDistribution& latents, const Tensor& noise) {
  const Tensor deviation = exponential(weighted_sum({{0.5, latents.logvar}}));
  return add(latents.mean, multiply(deviation, noise));
}

}  // namespace

AutoencoderTask::AutoencoderTask(AutoencoderTaskOptions options, const BatchLoader& loader)
    : options_(std::move(options)), loader_(loader) {
  const StartModel start(options_.start);
  vae_config_ = start.config("vae", options_.vae);
  const WeightMap* const start_weights = start.weights("vae", options_.vae);
  weights_ = std::make_unique<TrainableWeights>(
      TrainableWeights::Options{.component = "vae", .start = start_weights, .seed = options_.seed});
  vae_ = std::make_unique<AutoencoderKL>(AutoencoderConfig::from_json(vae_config_), *weights_);
  if (start_weights == nullptr) {
    if (!options_.train_encoder)
      throw Error(ErrorCode::InvalidArgument, "[train] train_encoder = false needs a model with a trained encoder");
    start_almost_deterministic();
  }
  if (options_.loss.perceptual_weight > 0)
    perceptual_ = std::make_unique<PerceptualLoss>(PerceptualLoss::load(options_.loss.perceptual_model));
  if (options_.loss.adversarial_weight > 0) adversarial_ = std::make_unique<AdversarialLoss>(options_.seed);
  require_picture_sizes();
}

void AutoencoderTask::require_picture_sizes() const {
  for (int64_t group = 0; group < loader_.sampler().num_groups(); ++group) {
    if (loader_.sampler().group_size(group) == 0) continue;
    const auto [width, height] = loader_.picture_size(group);
    const std::string given = "pictures of " + std::to_string(width) + "x" + std::to_string(height) + " px; ";
    if (perceptual_ && (width != perceptual_->image_size() || height != perceptual_->image_size()))
      throw Error(ErrorCode::InvalidArgument, "[perceptual_model] " + given + "its tower takes image_size = " +
                                                  std::to_string(perceptual_->image_size()) + " only");
    if (adversarial_ && std::min(width, height) < PatchDiscriminator::kSmallestSide)
      throw Error(ErrorCode::InvalidArgument, "[adversarial_weight] " + given + "the discriminator takes sides of " +
                                                  std::to_string(PatchDiscriminator::kSmallestSide) + " px or more");
  }
}

// With a bias of 0 the latents' noise would be as large as their values, and the encoder would need thousands of steps
// to outgrow it.
void AutoencoderTask::start_almost_deterministic() {
  const char* const last = vae_->config().use_quant_conv ? "vae.quant_conv.bias" : "vae.encoder.conv_out.bias";
  const Tensor bias = to_host(weights_->leaves().at(last)).clone();
  for (int64_t c = vae_->config().latent_channels; c < bias.numel(); ++c) bias.f32()[c] = kFirstLogvar;
  autograd().assign(weights_->leaves().at(last), bias);
}

std::vector<NamedTensors> AutoencoderTask::parameter_groups() const {
  std::vector<NamedTensors> groups{weights_->leaves()};
  if (!options_.train_encoder)
    std::erase_if(groups[0], [](const auto& leaf) {
      return leaf.first.starts_with("vae.encoder.") || leaf.first.starts_with("vae.quant_conv.");
    });
  if (adversarial_) groups.push_back(adversarial_->leaves());
  return groups;
}

LatentDistribution AutoencoderTask::encode(const Tensor& pictures) const {
  if (options_.train_encoder) return vae_->encode(pictures);
  const NoGradient unrecorded;
  return vae_->encode(pictures);
}

AutoencoderTask::Reconstruction AutoencoderTask::reconstruct(int64_t batch) const {
  const LoadedBatch examples = loader_.load(batch);
  const Tensor pictures = on_torch(examples.pixel_values);
  const LatentDistribution latents = encode(pictures);
  const Shape row{latents.mean.dim(1), latents.mean.dim(2), latents.mean.dim(3)};
  const Tensor noise = random_normal_rows(options_.seed, batch, Purpose::latents, examples.batch.places(), row);
  const Tensor z = sampled(latents, on_torch(noise));
  return {pictures, vae_->decode(weighted_sum({{vae_->config().scaling_factor, z}})), latents};
}

StepLoss AutoencoderTask::reconstruction_loss(int64_t batch) const {
  const auto [pictures, decoded, latents] = reconstruct(batch);
  StepLoss loss;
  std::vector<std::pair<double, Tensor>> sum;
  const auto add_term = [&](const char* name, double weight, const Tensor& value) {
    sum.emplace_back(weight, value);
    loss.terms.push_back({name, value});
  };
  add_term("absolute_error", 0.5, absolute_error(decoded, pictures));
  add_term("squared_error", 0.5, squared_error(decoded, pictures));
  add_term("kl", options_.loss.kl_weight, kl_divergence(latents.mean, latents.logvar));
  if (perceptual_) add_term("perceptual", options_.loss.perceptual_weight, (*perceptual_)(pictures, decoded));
  if (adversarial_ && batch / options_.gradient_accumulation_steps >= options_.loss.adversarial_start)
    add_term("adversarial", options_.loss.adversarial_weight, adversarial_->generator_loss(decoded));
  loss.total = weighted_sum(sum);
  return loss;
}

StepLoss AutoencoderTask::discriminator_loss(int64_t batch) const {
  const Reconstruction constant = [&] {
    const NoGradient unrecorded;
    return reconstruct(batch);
  }();
  return adversarial_->discriminator_loss(constant.pictures, constant.decoded);
}

StepLoss AutoencoderTask::loss(int64_t batch, size_t group) {
  return group == 0 ? reconstruction_loss(batch) : discriminator_loss(batch);
}

NamedTensors AutoencoderTask::completed(const NamedTensors& weights) const {
  NamedTensors all = component_of(weights, "vae");
  for (const auto& [name, leaf] : component_of(weights_->leaves(), "vae"))
    if (!all.contains(name)) all.emplace(name, autograd().detach(leaf));
  return all;
}

AutoencoderKL AutoencoderTask::with_weights(const NamedTensors& weights) const {
  const NamedTensors own = completed(weights);
  CheckpointWeights source(own, "vae", BackendKind::torch);
  return AutoencoderKL(AutoencoderConfig::from_json(vae_config_), source);
}

Picture AutoencoderTask::sample_sheet(const NamedTensors& weights) const {
  const AutoencoderKL vae = with_weights(weights);
  const Tensor all = loader_.load(0).pixel_values;
  const Tensor pictures = all.rows(0, std::min(kSheetPictures, all.dim(0)));
  const Tensor latents = vae.encode(on_torch(pictures)).mean;
  const Tensor decoded = vae.decode(weighted_sum({{vae.config().scaling_factor, latents}}));
  std::vector<Picture> cells = pictures_from_image(pictures);
  const int columns = static_cast<int>(cells.size());
  for (Picture& picture : pictures_from_image(to_host(decoded))) cells.push_back(std::move(picture));
  return picture_grid(cells, columns);
}

double AutoencoderTask::measured_scaling_factor(const AutoencoderKL& vae) const {
  double sum = 0, squares = 0, count = 0;
  for (int64_t batch = 0; batch * batch_size() < kScalingExamples; ++batch) {
    const Tensor mean = to_host(vae.encode(on_torch(loader_.load(batch).pixel_values)).mean);
    for (const float value : mean.span()) {
      sum += value;
      squares += static_cast<double>(value) * value;
    }
    count += static_cast<double>(mean.numel());
  }
  const double average = sum / count;
  return 1 / std::sqrt(std::max(squares / count - average * average, 1e-12));
}

void AutoencoderTask::write_model(const std::filesystem::path& folder, const NamedTensors& weights) const {
  const NoGradient unrecorded;
  nlohmann::json config = vae_config_;
  config["_class_name"] = "AutoencoderKL";
  if (options_.train_encoder) config["scaling_factor"] = measured_scaling_factor(with_weights(weights));
  config["sample_size"] = options_.resolution;
  NamedTensors host = completed(weights);
  for (auto& [name, tensor] : host) tensor = to_host(tensor);
  ModelPackageWriter(folder).add_network("vae", config, host);
}

}  // namespace easel
