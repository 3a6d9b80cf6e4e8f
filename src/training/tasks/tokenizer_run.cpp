#include "training/tasks/tokenizer_run.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "checkpoints/model_folder.h"
#include "datasets/dataset.h"
#include "datasets/step_random.h"
#include "easel/error.h"
#include "files/quoted_text.h"
#include "tensor/cancellation_scope.h"
#include "text/clip_tokenizer.h"

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

// Every text that the options name, in order; the same ones in each call.
void for_each_text(const TokenizerOptions& options, const Dataset* captions, DatasetReport& report,
                   const Visit& visit) {
  if (captions == nullptr) return for_each_line(options.corpus, report, visit);
  for (int64_t index = 0; index < captions->size(); ++index) {
    throw_if_cancelled();
    visit(captions->caption(index, random_bits(options.seed, index, Purpose::wording, 0)));
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

void train_tokenizer(const TokenizerOptions& options, const TrainingCallbacks& callbacks) {
  DatasetReport report(callbacks.on_message);
  std::unique_ptr<Dataset> captions;
  if (options.corpus.empty()) captions = open_dataset(options.captions, report);
  const auto read_all = [&](const Visit& visit) {
    for_each_text(options, captions.get(), report, [&](std::string_view text) {
      if (callbacks.asked_to_stop()) throw Error(ErrorCode::Cancelled, "[tokenizer] stopped while texts were read");
      visit(text);
    });
  };
  WordCounts words;
  read_all([&](std::string_view text) { words.add(text); });
  if (words.counts().empty())
    throw Error(ErrorCode::CorruptFile, "[tokenizer] " + quoted_text(options.corpus.string()) + " holds no words");
  const BytePairVocabulary vocabulary =
      train_byte_pairs(words, {.vocab_size = options.vocab_size, .interrupted = callbacks.interrupted});
  write_tokenizer(options.output_dir, vocabulary, options.model_max_length);

  const ClipTokenizer tokenizer = ClipTokenizer::load(options.output_dir);
  TokenLengths lengths;
  read_all([&](std::string_view text) { lengths.add(tokenizer.encode(text).size()); });
  const int64_t room = options.model_max_length - 2;
  callbacks.message(std::to_string(lengths.num_texts) + " texts with " + std::to_string(words.counts().size()) +
                    " different words: " + std::to_string(vocabulary.tokens.size()) + " tokens, " +
                    std::to_string(vocabulary.merges.size()) + " merges");
  callbacks.message("longest text: " + std::to_string(lengths.counts.rbegin()->first) + " tokens; " +
                    std::to_string(lengths.longer_than(room)) + " texts have more than the " + std::to_string(room) +
                    " that fit");
  if (report.num_skipped() > 0) callbacks.message(report.summary());
  callbacks.message("tokenizer written to " + options.output_dir.string());
}

}  // namespace easel
