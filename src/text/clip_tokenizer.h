// clip_tokenizer.h — text to the token ids that CLIP's text encoders read.
//
// The contract is that of Hugging Face's fast CLIP tokenizer: the special tokens are found in the text first; each
// piece between them is split into words (clip_words.h), and each word's UTF-8 bytes are encoded by byte pairs
// (byte_pair_encoding.h). No HTML unescaping, no repair of broken encodings; control characters are kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/byte_pair_encoding.h"
#include "text/chunk_frame.h"

namespace easel {

// Names of the special tokens and the length of a row, as tokenizer_config.json and special_tokens_map.json give them.
struct ClipTokenizerOptions {
  // Takes what the content of one of these files gives; `name` is the file's for messages. Throws CorruptFile.
  void read(const nlohmann::json& config, const std::string& name);

  std::string bos_token = "<|startoftext|>";
  std::string eos_token = "<|endoftext|>";
  std::string pad_token = "<|endoftext|>";  // "!" in SD 2 and in the second tokenizer of SDXL
  std::string unk_token = "<|endoftext|>";  // stands for bytes that the vocabulary lacks; CLIP's lacks none
  int max_length = 77;                      // ids of a row, bos and eos included
};

// Immutable and thread safe once made.
class ClipTokenizer {
 public:
  // Text that is longer is refused: bytes. Four times the 32000 characters that OpenAI's API takes.
  static constexpr size_t kMaxTextBytes = 128'000;

  // folder: vocab.json, merges.txt and, where present, tokenizer_config.json and special_tokens_map.json.
  // Throws NotFound, CorruptFile.
  static ClipTokenizer load(const std::filesystem::path& folder);
  // With the names given instead of read from the folder: for a vocabulary that stands alone.
  static ClipTokenizer load(const std::filesystem::path& folder, const ClipTokenizerOptions& options);

  // The same from memory; the names are the files' names for messages.
  ClipTokenizer(std::string_view vocab_json, const std::string& vocab_name, std::string_view merges,
                const std::string& merges_name, const ClipTokenizerOptions& options);

  // Ids without bos and eos, neither padded nor truncated; special tokens in the text are recognised.
  // Throws InvalidArgument where the text is not valid UTF-8 (with the offset) or longer than kMaxTextBytes.
  std::vector<int32_t> encode(std::string_view utf8) const;

  // As BytePairEncoding::spelling.
  std::string spelling(int32_t id) const { return encoding_.spelling(id); }

  const ChunkFrame& frame() const { return frame_; }              // what stands around the tokens of a row
  const std::optional<int32_t>& comma() const { return comma_; }  // the id of ",", where it is one token
  size_t vocab_size() const { return vocab_size_; }
  int max_length() const { return options_.max_length; }

 private:
  struct Piece;
  ClipTokenizer(const TokenIds& vocabulary, const std::string& vocab_name, std::string_view merges,
                const std::string& merges_name, const ClipTokenizerOptions& options);
  std::vector<Piece> pieces_of(std::string_view utf8) const;

  ClipTokenizerOptions options_;
  size_t vocab_size_ = 0;
  ChunkFrame frame_{};
  int32_t unk_ = 0;
  BytePairEncoding encoding_;
  std::optional<int32_t> comma_;
};

}  // namespace easel
