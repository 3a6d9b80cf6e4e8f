// tokenizer_run.h — `easel train tokenizer`: CLIP's tokenizer with a vocabulary of its own.
#pragma once

#include <cstdint>
#include <filesystem>

#include "datasets/dataset.h"
#include "training/tasks/byte_pair_training.h"
#include "training/training_progress.h"

namespace easel {

// vocab.json, merges.txt, tokenizer_config.json and special_tokens_map.json, as Hugging Face's CLIPTokenizer and
// ClipTokenizer read them. Makes the folder. model_max_length: tokens of a row, start and end included.
void write_tokenizer(const std::filesystem::path& folder, const BytePairVocabulary& vocabulary,
                     int64_t model_max_length);

struct TokenizerOptions {
  std::filesystem::path corpus = {};  // a text per line; empty: the captions of a data set
  DatasetOptions captions = {};
  uint64_t seed = 0;  // of the captions' wordings
  int64_t vocab_size = 4096;
  int64_t model_max_length = 77;
  std::filesystem::path output_dir = {};
};

// Learns from the corpus or the captions and writes to output_dir. callbacks.on_message is called with what was read
// and made, and how long the texts are in tokens. Throws what opening the data throws, CorruptFile where there is no
// text, Cancelled where it was interrupted: before anything is written, or while the texts are counted at the end.
void train_tokenizer(const TokenizerOptions& options, const TrainingCallbacks& callbacks);

}  // namespace easel
