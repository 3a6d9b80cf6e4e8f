#include "models/upscalers/residual_dense_network.h"

#include <cmath>

#include "easel/error.h"
#include "models/upscalers/upscaler_layers.h"

namespace easel {
namespace {

using Tensors = std::map<std::string, Tensor>;

constexpr double kResidualScale = 0.2;  // of RRDN

// "F_1_2" for {"F", 1, 2}.
std::string numbered(std::string name, std::initializer_list<int> numbers) {
  for (const int number : numbers) name += "_" + std::to_string(number);
  return name;
}

class Convs {
 public:
  Convs(const Tensors& tensors, const std::string& name, BackendKind backend)
      : tensors_(tensors), weights_(tensors, name, backend) {}

  bool has(const std::string& name) const { return tensors_.contains(name + ".weight"); }
  Conv2d get(const std::string& name) { return conv_of(WeightScope(weights_), tensors_, name); }
  // The convolutions F_…_1, F_…_2, … and the fusion LFF_….
  DenseBlock block(std::initializer_list<int> numbers) {
    DenseBlock block;
    for (int c = 1; has(numbered("F", numbers) + "_" + std::to_string(c)); ++c)
      block.convs.push_back(get(numbered("F", numbers) + "_" + std::to_string(c)));
    block.fusion = get(numbered("LFF", numbers));
    return block;
  }

 private:
  const Tensors& tensors_;
  CheckpointWeights weights_;
};

// Of a layer that gives 3 channels for each pixel of the enlarged picture.
int64_t scale_of(const Tensors& tensors, const char* layer) {
  const auto weight = tensors.find(std::string(layer) + ".weight");
  const int64_t channels = weight == tensors.end() || weight->second.rank() != 4 ? 0 : weight->second.dim(0);
  const int64_t scale = std::lround(std::sqrt(static_cast<double>(channels) / 3));
  if (scale < 1 || 3 * scale * scale != channels)
    throw Error(ErrorCode::CorruptFile, std::string("[upscaler] ") + layer + " gives no whole scale");
  return scale;
}

class ResidualDenseNetwork final : public UpscalerNetwork {
 public:
  ResidualDenseNetwork(const Tensors& tensors, const std::string& name, BackendKind backend, double white)
      : UpscalerNetwork("RDN", scale_of(tensors, "UPN3")), white_(white) {
    Convs convs(tensors, name, backend);
    shallow_ = convs.get("F_m1");
    first_ = convs.get("F_0");
    for (int d = 1; convs.has(numbered("LFF", {d})); ++d) blocks_.push_back(convs.block({d}));
    for (const char* layer : {"GFF_1", "GFF_2"}) fusion_.push_back(convs.get(layer));
    for (const char* layer : {"UPN1", "UPN2", "UPN3"}) upsampling_.push_back(convs.get(layer));
    last_ = convs.get("SR");
  }

  Tensor operator()(const Tensor& image) const override {
    const Tensor shallow = shallow_(affine(image, white_, 0));
    Tensor x = first_(shallow);
    std::vector<Tensor> locals;
    for (const DenseBlock& block : blocks_) locals.push_back(x = add(block(x), x));
    x = add(fusion_[1](fusion_[0](concat(locals, -1))), shallow);
    x = upsampling_[2](leaky_relu(upsampling_[1](leaky_relu(upsampling_[0](x), 0)), 0));
    return affine(last_(upsample_nearest(x, x.dim(1) * scale(), x.dim(2) * scale())), 1 / white_, 0);
  }

 private:
  double white_;
  Conv2d shallow_, first_, last_;
  std::vector<DenseBlock> blocks_;
  std::vector<Conv2d> fusion_, upsampling_;
};

class ResidualInResidualDenseNetwork final : public UpscalerNetwork {
 public:
  ResidualInResidualDenseNetwork(const Tensors& tensors, const std::string& name, BackendKind backend, double white)
      : UpscalerNetwork("RRDN", scale_of(tensors, "PreShuffle")), white_(white) {
    Convs convs(tensors, name, backend);
    first_ = convs.get("Pre_blocks_conv");
    for (int t = 1; convs.has(numbered("LFF", {t, 1})); ++t) {
      std::vector<DenseBlock>& blocks = body_.emplace_back();
      for (int d = 1; convs.has(numbered("LFF", {t, d})); ++d) blocks.push_back(convs.block({t, d}));
    }
    body_end_ = convs.get("post_blocks_conv");
    before_shuffle_ = convs.get("PreShuffle");
    last_ = convs.get("SR");
  }

  Tensor operator()(const Tensor& image) const override {
    const Tensor first = first_(affine(image, white_, 0));
    Tensor x = first;
    for (const std::vector<DenseBlock>& blocks : body_) {
      Tensor inner = x;
      for (const DenseBlock& block : blocks) inner = weighted_sum({{kResidualScale, block(inner)}, {1.0, inner}});
      x = weighted_sum({{kResidualScale, inner}, {1.0, x}});
    }
    x = before_shuffle_(add(body_end_(x), first));
    return affine(last_(pixel_shuffle(x, scale(), /*channels_first=*/false)), 1 / white_, 0);
  }

 private:
  double white_;
  Conv2d first_, body_end_, before_shuffle_, last_;
  std::vector<std::vector<DenseBlock>> body_;
};

}  // namespace

std::unique_ptr<UpscalerNetwork> make_residual_dense_network(const Tensors& tensors,
                                                             const std::map<std::string, std::string>& metadata,
                                                             const std::string& name, BackendKind backend) {
  const auto range = metadata.find("input_range");
  const double white = range == metadata.end() ? 1.0 : std::atof(range->second.c_str());
  if (!(white > 0)) throw Error(ErrorCode::CorruptFile, "[upscaler] " + name + ": input_range = " + range->second);
  if (tensors.contains("F_m1.weight")) return std::make_unique<ResidualDenseNetwork>(tensors, name, backend, white);
  return std::make_unique<ResidualInResidualDenseNetwork>(tensors, name, backend, white);
}

}  // namespace easel
