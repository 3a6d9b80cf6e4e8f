// tokenizer_run.h — `easel train tokenizer`: CLIP's tokenizer with a vocabulary of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "training/tasks/byte_pair_training.h"
#include "training/train_config.h"

namespace easel {

// vocab.json, merges.txt, tokenizer_config.json and special_tokens_map.json, as Hugging Face's CLIPTokenizer and
// ClipTokenizer read them. Makes the folder. model_max_length: tokens of a row, start and end included.
void write_tokenizer(const std::filesystem::path& folder, const BytePairVocabulary& vocabulary,
                     int64_t model_max_length);

// Learns from config.corpus, one text per line, or else from the captions of the data, and writes to config.output_dir.
// on_message is told what was read and made, and how long the texts are in tokens. Throws what opening the data throws,
// and CorruptFile where there is no text.
void train_tokenizer(const TrainConfig& config, const std::function<void(const std::string&)>& on_message);

}  // namespace easel
