// clip_score.h — how well pictures fit their captions, to a CLIP model.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "datasets/pixel_normalization.h"
#include "easel/picture.h"
#include "models/clip/clip_model.h"
#include "text/clip_tokenizer.h"

namespace easel {

class ClipScorer {
 public:
  // A folder of Hugging Face's CLIPModel: config.json, model.safetensors, vocab.json, merges.txt and, for the
  // normalisation of pixels, preprocessor_config.json. Throws NotFound, CorruptFile, Unsupported.
  static ClipScorer load(const std::filesystem::path& folder, BackendKind backend = BackendKind::cpu);

  // 100 max(cos, 0) of each picture with its caption, 0..100: the scale of torchmetrics' CLIPScore. (Hessel et al.
  // 2021, arXiv:2104.08718, section 3 multiplies by 2.5 instead of 100.) Throws InvalidArgument where the counts
  // differ.
  std::vector<double> score(std::span<const Picture> pictures, std::span<const std::string> captions) const;

 private:
  ClipScorer(ClipTokenizer tokenizer, ClipModel model, BackendKind backend)
      : tokenizer_(std::move(tokenizer)), model_(std::move(model)), backend_(backend) {}
  Tensor pixel_values(std::span<const Picture> pictures) const;

  ClipTokenizer tokenizer_;
  ClipModel model_;
  BackendKind backend_;
  PixelNormalization normalization_;
};

}  // namespace easel
