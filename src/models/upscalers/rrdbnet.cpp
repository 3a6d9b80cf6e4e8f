#include "models/upscalers/rrdbnet.h"

#include <algorithm>
#include <regex>
#include <set>

#include "easel/error.h"

namespace easel {
namespace {

using Tensors = std::map<std::string, Tensor>;

constexpr double kSlope = 0.2, kResidualScale = 0.2;

// Folding of the first release's x2 and x1 networks: 12 and 48 channels instead of 3.
int64_t unshuffle_of(const Tensors& tensors) {
  const int64_t channels = tensors.at("conv_first.weight").dim(1);
  for (const int64_t factor : {1, 2, 4})
    if (channels == 3 * factor * factor) return factor;
  throw Error(ErrorCode::Unsupported, "[upscaler] a first convolution of " + std::to_string(channels) +
                                          " channels; must be 3, or 12 or 48 for pictures folded by 2 or 4");
}

int64_t num_upsamplings(const Tensors& tensors) {
  int64_t count = 0;
  while (tensors.contains("conv_up" + std::to_string(count + 1) + ".weight")) ++count;
  return count;
}

int64_t scale_of(const Tensors& tensors) {
  const int64_t enlarged = int64_t{1} << num_upsamplings(tensors), folded = unshuffle_of(tensors);
  if (enlarged % folded != 0) throw Error(ErrorCode::Unsupported, "[upscaler] a network that makes pictures smaller");
  return enlarged / folded;
}

Tensor with_scaled(const Tensor& x, const Tensor& change) { return weighted_sum({{kResidualScale, change}, {1.0, x}}); }

// "model.N": the first release's trunk is 1, what follows it are upsamplings and two convolutions more.
std::string name_of_first_release(const std::string& name, const std::vector<int>& tail) {
  static const std::regex block(R"(model\.1\.sub\.(\d+)\.RDB(\d)\.conv(\d)\.0\.(\w+))"),
      trunk(R"(model\.1\.sub\.\d+\.(\w+))"), other(R"(model\.(\d+)\.(\w+))");
  std::smatch match;
  if (std::regex_match(name, match, block))
    return "body." + match[1].str() + ".rdb" + match[2].str() + ".conv" + match[3].str() + "." + match[4].str();
  if (std::regex_match(name, match, trunk)) return "conv_body." + match[1].str();
  if (!std::regex_match(name, match, other)) return name;
  const int number = std::stoi(match[1]);
  const auto place = static_cast<size_t>(std::ranges::find(tail, number) - tail.begin());
  const std::string part = number == 0                ? "conv_first"
                           : place + 1 == tail.size() ? "conv_last"
                           : place + 2 == tail.size() ? "conv_hr"
                                                      : "conv_up" + std::to_string(place + 1);
  return part + "." + match[2].str();
}

std::string name_of_second_release(const std::string& name) {
  static const std::regex block(R"(RRDB_trunk\.(\d+)\.RDB(\d)\.(.+))");
  std::smatch match;
  if (std::regex_match(name, match, block))
    return "body." + match[1].str() + ".rdb" + match[2].str() + "." + match[3].str();
  const std::pair<std::string, std::string> parts[] = {
      {"trunk_conv.", "conv_body."}, {"upconv", "conv_up"}, {"HRconv.", "conv_hr."}};
  for (const auto& [old, current] : parts)
    if (name.starts_with(old)) return current + name.substr(old.size());
  return name;
}

}  // namespace

Tensors with_current_rrdbnet_names(const Tensors& tensors) {
  std::set<int> numbers;
  static const std::regex numbered(R"(model\.(\d+)\.weight)");
  std::smatch match;
  for (const auto& [name, tensor] : tensors)
    if (std::regex_match(name, match, numbered)) numbers.insert(std::stoi(match[1]));
  numbers.erase(0);
  const std::vector<int> tail(numbers.begin(), numbers.end());
  Tensors renamed;
  for (const auto& [name, tensor] : tensors)
    renamed[name.starts_with("model.") ? name_of_first_release(name, tail) : name_of_second_release(name)] = tensor;
  return renamed;
}

RrdbNet::RrdbNet(const Tensors& tensors, const std::string& name, BackendKind backend)
    : UpscalerNetwork("RRDBNet", scale_of(tensors)), unshuffle_(unshuffle_of(tensors)) {
  CheckpointWeights weights(tensors, name, backend);
  const WeightScope scope(weights);
  const auto conv = [&](const std::string& of) { return conv_of(scope, tensors, of); };
  conv_first_ = conv("conv_first");
  for (int64_t i = 0; tensors.contains("body." + std::to_string(i) + ".rdb1.conv1.weight"); ++i) {
    std::vector<DenseBlock>& blocks = body_.emplace_back();
    for (int j = 1; j <= 3; ++j) {
      const std::string block = "body." + std::to_string(i) + ".rdb" + std::to_string(j) + ".conv";
      DenseBlock& dense = blocks.emplace_back();
      dense.slope = kSlope;
      for (int k = 1; k <= 4; ++k) dense.convs.push_back(conv(block + std::to_string(k)));
      dense.fusion = conv(block + "5");
    }
  }
  conv_body_ = conv("conv_body");
  for (int64_t i = 1; i <= num_upsamplings(tensors); ++i) upsampling_.push_back(conv("conv_up" + std::to_string(i)));
  conv_hr_ = conv("conv_hr");
  conv_last_ = conv("conv_last");
}

Tensor RrdbNet::operator()(const Tensor& image) const {
  const Tensor first = conv_first_(unshuffle_ > 1 ? pixel_unshuffle(image, unshuffle_) : image);
  Tensor x = first;
  for (const std::vector<DenseBlock>& blocks : body_) {
    Tensor inner = x;
    for (const DenseBlock& dense : blocks) inner = with_scaled(inner, dense(inner));
    x = with_scaled(x, inner);
  }
  x = add(first, conv_body_(x));
  for (const Conv2d& conv : upsampling_) x = leaky_relu(conv(upsample_nearest(x, 2 * x.dim(1), 2 * x.dim(2))), kSlope);
  return conv_last_(leaky_relu(conv_hr_(x), kSlope));
}

}  // namespace easel
