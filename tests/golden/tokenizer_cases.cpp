#include "files/json_reader.h"
#include "files/mapped_file.h"
#include "golden/case_runners.h"
#include "text/prompt_chunks.h"

namespace easel::golden {
namespace {

ClipTokenizer load_with_padding(const std::filesystem::path& vocabulary, const std::filesystem::path& merges,
                                const std::string& pad_token) {
  return ClipTokenizer(storage_bytes(*MappedFile::open(vocabulary)), "vocab.json",
                       storage_bytes(*MappedFile::open(merges)), "merges.txt", {.pad_token = pad_token});
}

void check_ids(const ClipTokenizer& tokenizer, const nlohmann::json& entry, CaseReport& report) {
  std::vector<int32_t> ids = tokenizer.encode(entry.at("text").get<std::string>());
  ids.insert(ids.begin(), tokenizer.frame().bos);
  ids.push_back(tokenizer.frame().eos);
  if (const nlohmann::json got = ids; got != entry.at("ids"))
    report.fail(entry.at("text").dump() + ": got " + got.dump() + ", expected " + entry.at("ids").dump());
}

// [texts, 77]
Tensor padded_rows(const ClipTokenizer& tokenizer, const nlohmann::json& texts) {
  std::vector<int32_t> rows;
  for (const nlohmann::json& entry : texts) {
    const TokenChunk chunk = plain_prompt(tokenizer, entry.at("text").get<std::string>()).chunks.at(0);
    rows.insert(rows.end(), chunk.ids.begin(), chunk.ids.end());
  }
  return Tensor::from({static_cast<int64_t>(texts.size()), tokenizer.max_length()}, rows);
}

}  // namespace

void run_tokenizer_case(const GoldenCase& golden_case, CaseReport& report) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const auto vocabulary = golden_case.path(params.at("vocab"));
  const auto merges = golden_case.path(params.at("merges"));
  if (!std::filesystem::exists(vocabulary)) return report.skip("CLIP's vocabulary is not part of this folder");

  const ClipTokenizer sd1 = load_with_padding(vocabulary, merges, "<|endoftext|>");
  const ClipTokenizer sd2 = load_with_padding(vocabulary, merges, "!");
  const std::vector<int64_t> special{sd1.frame().bos, sd1.frame().eos, sd1.frame().pad, sd2.frame().pad,
                                     sd1.max_length()};
  if (special != std::vector<int64_t>{params.at("bos"), params.at("eos"), params.at("pad_sd1"), params.at("pad_sd2"),
                                      params.at("length")})
    report.fail("the special tokens' ids or the length differ");

  const nlohmann::json texts = read_json(golden_case.path(golden_case.spec.at("texts")));
  for (const nlohmann::json& entry : texts) check_ids(sd1, entry, report);
  report.check("ids_sd1", padded_rows(sd1, texts));
  report.check("ids_sd2", padded_rows(sd2, texts));
}

}  // namespace easel::golden
