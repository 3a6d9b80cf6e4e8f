// Any bytes as vocab.json, merges.txt and a prompt, 0xFF standing between them: the files are read or refused with an
// Error, and the prompt becomes rows of known ids (with a small sound vocabulary where the files are refused).
#include <algorithm>
#include <cstdlib>

#include "easel/error.h"
#include "text/prompt_chunks.h"

namespace easel {
namespace {

constexpr std::string_view kVocabulary =
    R"({"a":0,"b":1,"c":2,"a</w>":3,"b</w>":4,"c</w>":5,"ab":6,"abc</w>":7,",</w>":8,)"
    R"("<|startoftext|>":9,"<|endoftext|>":10})";
constexpr std::string_view kMerges = "#version: 0.2\na b\nab c</w>\n";

// What stands before the next 0xFF; `rest` loses it.
std::string_view take_part(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('\xFF'));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

ClipTokenizer tokenizer_of(std::string_view vocabulary, std::string_view merges) {
  try {
    return ClipTokenizer(vocabulary, "vocab.json", merges, "merges.txt", {});
  } catch (const Error&) {
    return ClipTokenizer(kVocabulary, "vocab.json", kMerges, "merges.txt", {});
  }
}

void require(bool condition) {
  if (!condition) std::abort();
}

void check_rows(const ClipTokenizer& tokenizer, const PromptChunks& prompt) {
  require(!prompt.chunks.empty());
  for (const TokenChunk& chunk : prompt.chunks) {
    require(chunk.ids.size() == 77 && chunk.weights.size() == 77 && chunk.ids[0] == tokenizer.frame().bos);
    for (const int32_t id : chunk.ids) require(id >= 0 && static_cast<size_t>(id) < tokenizer.vocab_size());
  }
}

}  // namespace
}  // namespace easel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace easel;
  std::string_view rest(reinterpret_cast<const char*>(bytes), size);
  const std::string_view vocabulary = take_part(rest);
  const std::string_view merges = take_part(rest);
  const ClipTokenizer tokenizer = tokenizer_of(vocabulary, merges);
  try {
    check_rows(tokenizer, plain_prompt(tokenizer, rest));
    check_rows(tokenizer, chunk_prompt(tokenizer, rest));
  } catch (const Error& error) {
    require(error.code() == ErrorCode::InvalidArgument);
  }
  return 0;
}
