#include "text/clip_tokenizer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/json_reader.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"
#include "text/clip_words.h"
#include "text/unicode_text.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr size_t kMaxFileBytes = size_t{64} << 20;  // CLIP's vocab.json has 1 MiB
constexpr int kMaxRowLength = 4096;                 // longer ones mean "no limit": Hugging Face writes 1e30 for it

std::shared_ptr<MappedFile> open_limited(const std::filesystem::path& path) {
  auto file = MappedFile::open(path);
  if (file->size_bytes() > kMaxFileBytes)
    throw Error(ErrorCode::CorruptFile, "[tokenizer] " + quoted_text(path.string()) + ": " +
                                            std::to_string(file->size_bytes()) + " bytes; at most 64 MiB are read");
  return file;
}

// A special token is written as a string or as {"content": string, …}; null and absence keep the default.
void read_token_name(const json& config, const char* key, const std::string& file, std::string& name) {
  const auto entry = config.find(key);
  if (entry == config.end() || entry->is_null()) return;
  const bool wrapped = entry->is_object() && entry->contains("content");
  const json& content = wrapped ? entry->at("content") : *entry;
  if (!content.is_string() || content.get_ref<const std::string&>().empty())
    throw Error(ErrorCode::CorruptFile,
                "[tokenizer] " + quoted_text(file) + ": " + key + " must be a string or an object with a content");
  name = content.get<std::string>();
}

void read_max_length(const json& config, const std::string& file, int& max_length) {
  const auto entry = config.find("model_max_length");
  if (entry == config.end() || entry->is_null()) return;
  if (!entry->is_number() || !(entry->get<double>() >= 3))
    throw Error(ErrorCode::CorruptFile,
                "[tokenizer] " + quoted_text(file) + ": model_max_length must be a number >= 3");
  if (entry->get<double>() <= kMaxRowLength) max_length = entry->get<int>();
}

void read_file(const std::filesystem::path& path, ClipTokenizerOptions& options) {
  if (std::filesystem::exists(path)) options.read(read_json(path), path.string());
}

}  // namespace

void ClipTokenizerOptions::read(const json& config, const std::string& name) {
  if (!config.is_object())
    throw Error(ErrorCode::CorruptFile, "[tokenizer] " + quoted_text(name) + ": must be an object");
  read_token_name(config, "bos_token", name, bos_token);
  read_token_name(config, "eos_token", name, eos_token);
  read_token_name(config, "pad_token", name, pad_token);
  read_token_name(config, "unk_token", name, unk_token);
  read_max_length(config, name, max_length);
}

ClipTokenizer ClipTokenizer::load(const std::filesystem::path& folder) {
  ClipTokenizerOptions options;
  read_file(folder / "special_tokens_map.json", options);
  read_file(folder / "tokenizer_config.json", options);
  return load(folder, options);
}

ClipTokenizer ClipTokenizer::load(const std::filesystem::path& folder, const ClipTokenizerOptions& options) {
  const auto vocabulary = open_limited(folder / "vocab.json");
  const auto merges = open_limited(folder / "merges.txt");
  return ClipTokenizer(storage_bytes(*vocabulary), (folder / "vocab.json").string(), storage_bytes(*merges),
                       (folder / "merges.txt").string(), options);
}

ClipTokenizer::ClipTokenizer(std::string_view vocab_json, const std::string& vocab_name, std::string_view merges,
                             const std::string& merges_name, const ClipTokenizerOptions& options)
    : ClipTokenizer(parse_vocabulary(vocab_json, vocab_name), vocab_name, merges, merges_name, options) {}

ClipTokenizer::ClipTokenizer(const TokenIds& vocabulary, const std::string& vocab_name, std::string_view merges,
                             const std::string& merges_name, const ClipTokenizerOptions& options)
    : options_(options), vocab_size_(vocabulary.size()), encoding_(vocabulary, merges, merges_name) {
  const auto special_id = [&](const std::string& token) {
    const auto found = vocabulary.find(token);
    if (found == vocabulary.end())
      throw Error(ErrorCode::CorruptFile,
                  "[tokenizer] " + quoted_text(vocab_name) + ": special token " + quoted_text(token) + " is missing");
    return found->second;
  };
  frame_ = {.bos = special_id(options.bos_token),
            .eos = special_id(options.eos_token),
            .pad = special_id(options.pad_token),
            .max_length = static_cast<size_t>(options.max_length)};
  unk_ = special_id(options.unk_token);
  const std::vector<int32_t> comma = encode(",");
  if (comma.size() == 1) comma_ = comma[0];
}

// What lies between special tokens, and the one behind it.
struct ClipTokenizer::Piece {
  std::string_view utf8;
  std::optional<int32_t> special = {};
};

std::vector<ClipTokenizer::Piece> ClipTokenizer::pieces_of(std::string_view utf8) const {
  std::vector<Piece> pieces;
  size_t bos_at = utf8.find(options_.bos_token);
  size_t eos_at = utf8.find(options_.eos_token);
  for (size_t begin = 0;;) {
    const size_t end = std::min({bos_at, eos_at, utf8.size()});
    const std::string_view piece = utf8.substr(begin, end - begin);
    if (end == utf8.size()) {
      pieces.push_back({piece});
      return pieces;
    }
    const bool is_bos = end == bos_at;
    pieces.push_back({piece, is_bos ? frame_.bos : frame_.eos});
    begin = end + (is_bos ? options_.bos_token : options_.eos_token).size();
    if (bos_at < begin) bos_at = utf8.find(options_.bos_token, begin);
    if (eos_at < begin) eos_at = utf8.find(options_.eos_token, begin);
  }
}

std::vector<int32_t> ClipTokenizer::encode(std::string_view utf8) const {
  if (utf8.size() > kMaxTextBytes)
    throw Error(ErrorCode::InvalidArgument, "[tokenizer] text of " + std::to_string(utf8.size()) +
                                                " bytes; must be at most " + std::to_string(kMaxTextBytes));
  const std::vector<Piece> pieces = pieces_of(utf8);
  decode_utf8(utf8, "tokenizer");  // so that a message's offset counts from the start of the whole text
  std::vector<int32_t> ids;
  for (const Piece& piece : pieces) {
    const std::u32string text = normalise_prompt_text(piece.utf8);
    for_each_clip_word(text, [&](std::string_view word) { encoding_.encode_word(word, unk_, ids); });
    if (piece.special) ids.push_back(*piece.special);
  }
  return ids;
}

}  // namespace easel
