// A tokenizer's files: vocab.json and merges.txt.
#include <algorithm>

#include "files/mapped_file.h"
#include "model_tools/inspection/inspection.h"
#include "text/byte_pair_encoding.h"
#include "text/vocabulary_file.h"

namespace easel {

bool is_vocabulary(const nlohmann::json& content) {
  return !content.empty() &&
         std::ranges::all_of(content, [](const nlohmann::json& value) { return value.is_number(); });
}

void inspect_vocabulary(nlohmann::ordered_json& inspection, const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  inspection["kind"] = "vocabulary";
  inspection["tokens"] = parse_vocabulary(storage_bytes(*file), path.string()).size();
}

void inspect_merges(nlohmann::ordered_json& inspection, const std::filesystem::path& path) {
  const auto merges = MappedFile::open(path);
  inspection["kind"] = "merges";
  inspection["merges"] = parse_merges(storage_bytes(*merges), path.string()).size();
  const std::filesystem::path beside = path.parent_path() / "vocab.json";
  if (!std::filesystem::exists(beside)) return;
  const auto vocabulary = MappedFile::open(beside);
  const TokenIds tokens = parse_vocabulary(storage_bytes(*vocabulary), beside.string());
  const BytePairEncoding checked(tokens, storage_bytes(*merges), path.string());
  inspection["tokens"] = tokens.size();
}

}  // namespace easel
