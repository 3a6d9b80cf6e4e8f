#include "text/prompt_weighting.h"

#include <cmath>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using Kind = PromptElement::Kind;

constexpr double kRoundFactor = 1.1;
constexpr double kSquareFactor = 1 / 1.1;

// Parts of the prompt, whose weights grow with every bracket around them that ends.
class Weights {
 public:
  void add(const PromptElement& element) {
    switch (element.kind) {
      case Kind::text: parts_.push_back({.text = element.text}); break;
      case Kind::separator: parts_.push_back({.text = "", .is_break = true}); break;
      case Kind::open_round: round_.push_back(parts_.size()); break;
      case Kind::open_square: square_.push_back(parts_.size()); break;
      case Kind::close_round: close(round_, element.weight.value_or(kRoundFactor)); break;
      case Kind::close_square: close(square_, kSquareFactor); break;
    }
  }

  std::vector<WeightedText> take() {
    while (!round_.empty()) close(round_, kRoundFactor);
    while (!square_.empty()) close(square_, kSquareFactor);
    return std::move(parts_);
  }

 private:
  void close(std::vector<size_t>& opened, double factor) {
    for (size_t i = opened.back(); i < parts_.size(); ++i) parts_[i].weight *= factor;
    opened.pop_back();
  }

  std::vector<WeightedText> parts_;
  std::vector<size_t> round_, square_;  // for each open bracket the number of parts before it
};

void append(std::vector<WeightedText>& merged, WeightedText part) {
  if (!std::isfinite(static_cast<float>(part.weight)))
    throw Error(ErrorCode::InvalidArgument, "[prompt] the weight of " + quoted_text(part.text) + " overflows");
  const bool joins =
      !merged.empty() && !part.is_break && !merged.back().is_break && merged.back().weight == part.weight;
  if (joins)
    merged.back().text += part.text;
  else
    merged.push_back(std::move(part));
}

}  // namespace

std::vector<WeightedText> weighted_texts(const std::vector<PromptElement>& elements) {
  Weights weights;
  for (const PromptElement& element : elements) weights.add(element);
  std::vector<WeightedText> merged;
  for (WeightedText& part : weights.take()) append(merged, std::move(part));
  if (merged.empty()) merged.push_back({});
  return merged;
}

}  // namespace easel
