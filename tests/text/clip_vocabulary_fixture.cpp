#include "text/clip_vocabulary_fixture.h"

#include <nlohmann/json.hpp>

#include "golden/golden_folder.h"

namespace easel::test {

std::optional<std::filesystem::path> clip_vocabulary_folder() {
  const auto golden = golden::golden_folder() / "clip_tokenizer";
  if (std::filesystem::exists(golden / "vocab.json")) return golden;
  return std::nullopt;
}

ClipTokenizer small_tokenizer(const ClipTokenizerOptions& options) {
  nlohmann::json vocabulary = {{"ca", 512}, {"cat</w>", 513}, {"<|startoftext|>", 514}, {"<|endoftext|>", 515}};
  const auto alphabet = byte_alphabet();
  for (size_t byte = 0; byte < 256; ++byte) {
    vocabulary[alphabet[byte]] = byte;
    vocabulary[alphabet[byte] + "</w>"] = 256 + byte;
  }
  return ClipTokenizer(vocabulary.dump(), "vocab.json", "c a\nca t</w>\n", "merges.txt", options);
}

}  // namespace easel::test
