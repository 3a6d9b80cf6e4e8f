#include "training/tasks/tokenizer_run.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "checkpoints/model_folder.h"
#include "easel/error.h"
#include "files/quoted_text.h"
#include "tensor/cancellation_scope.h"
#include "text/clip_tokenizer.h"
#include "training/data/batch_loader.h"
#include "training/data/dataset.h"
#include "training/step_random.h"

namespace easel {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Visit = std::function<void(std::string_view text)>;

constexpr const char* kStart = "<|startoftext|>";
constexpr const char* kEnd = "<|endoftext|>";

json special_tokens() { return {{"bos_token", kStart}, {"eos_token", kEnd}, {"pad_token", kEnd}, {"unk_token", kEnd}}; }

// {token: id}, in the order of the ids.
std::string vocabulary_json(const BytePairVocabulary& vocabulary) {
  std::string text = "{";
  for (size_t id = 0; id < vocabulary.tokens.size(); ++id)
    text += (id == 0 ? "" : ",") + json(vocabulary.tokens[id]).dump() + ":" + std::to_string(id);
  return text + "}\n";
}

void for_each_line(const fs::path& path, DatasetReport& report, const Visit& visit) {
  std::ifstream file(path);
  if (!file)
    throw Error(fs::exists(path) ? ErrorCode::InvalidArgument : ErrorCode::NotFound,
                "[tokenizer] " + quoted_text(path.string()) + " cannot be read");
  int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    throw_if_cancelled();
    if (is_utf8(line) && line.size() <= ClipTokenizer::kMaxTextBytes)
      visit(line);
    else
      report.skip("line " + std::to_string(number), "broken line", "no valid UTF-8, or longer than 128000 bytes");
  }
}

// Every text that the configuration names, in order; the same ones in each call.
void for_each_text(const TrainConfig& config, const Dataset* captions, DatasetReport& report, const Visit& visit) {
  if (captions == nullptr) return for_each_line(config.corpus, report, visit);
  const auto seed = static_cast<uint64_t>(config.seed);
  for (int64_t index = 0; index < captions->size(); ++index) {
    throw_if_cancelled();
    visit(captions->caption(index, random_bits(seed, index, Purpose::wording, 0)));
  }
}

// How many texts have how many tokens.
struct TokenLengths {
  std::map<size_t, int64_t> counts;
  int64_t num_texts = 0;

  void add(size_t length) {
    ++counts[length];
    ++num_texts;
  }
  int64_t longer_than(int64_t limit) const {
    int64_t longer = 0;
    for (const auto& [length, count] : counts)
      if (static_cast<int64_t>(length) > limit) longer += count;
    return longer;
  }
};

}  // namespace

void write_tokenizer(const fs::path& folder, const BytePairVocabulary& vocabulary, int64_t model_max_length) {
  fs::create_directories(folder);
  write_text(folder / "vocab.json", vocabulary_json(vocabulary));
  std::string merges = "#version: 0.2\n";
  for (const auto& [left, right] : vocabulary.merges)
    merges += vocabulary.tokens[static_cast<size_t>(left)] + " " + vocabulary.tokens[static_cast<size_t>(right)] + "\n";
  write_text(folder / "merges.txt", merges);
  write_json(folder / "special_tokens_map.json", special_tokens());
  json config = special_tokens();
  config["tokenizer_class"] = "CLIPTokenizer";
  config["model_max_length"] = model_max_length;
  config["do_lower_case"] = true;
  config["add_prefix_space"] = false;
  config["errors"] = "replace";
  write_json(folder / "tokenizer_config.json", config);
}

void train_tokenizer(const TrainConfig& config, const std::function<void(const std::string&)>& on_message) {
  check_train_config(config, TrainerKind::tokenizer);
  DatasetReport report(on_message);
  std::unique_ptr<Dataset> captions;
  if (config.corpus.empty()) {
    DatasetOptions options = dataset_options(config, TrainerKind::tokenizer);
    options.check_pictures = false;  // only captions are read
    captions = open_dataset(options, report);
  }
  WordCounts words;
  for_each_text(config, captions.get(), report, [&](std::string_view text) { words.add(text); });
  if (words.counts().empty())
    throw Error(ErrorCode::CorruptFile, "[tokenizer] " + quoted_text(config.corpus) + " holds no words");
  const BytePairVocabulary vocabulary = train_byte_pairs(words, {.vocab_size = config.vocab_size});
  write_tokenizer(config.output_dir, vocabulary, config.model_max_length);

  const ClipTokenizer tokenizer = ClipTokenizer::load(config.output_dir);
  TokenLengths lengths;
  for_each_text(config, captions.get(), report,
                [&](std::string_view text) { lengths.add(tokenizer.encode(text).size()); });
  const int64_t room = config.model_max_length - 2;
  on_message(std::to_string(lengths.num_texts) + " texts with " + std::to_string(words.counts().size()) +
             " different words: " + std::to_string(vocabulary.tokens.size()) + " tokens, " +
             std::to_string(vocabulary.merges.size()) + " merges");
  on_message("longest text: " + std::to_string(lengths.counts.rbegin()->first) + " tokens; " +
             std::to_string(lengths.longer_than(room)) + " texts have more than the " + std::to_string(room) +
             " that fit");
  if (report.num_skipped() > 0) on_message(report.summary());
  on_message("tokenizer written to " + config.output_dir);
}

}  // namespace easel
