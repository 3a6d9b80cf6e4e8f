#include "text/vocabulary_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr size_t kAverageEntryBytes = 16;  // CLIP's vocab.json has 19 bytes per token
constexpr size_t kAverageMergeBytes = 8;   // CLIP's merges.txt has 10.7 bytes per line

// Takes the parser's events straight into the map: no tree of the 49408 entries is built.
class VocabularyReader final : public json::json_sax_t {
 public:
  VocabularyReader(TokenIds& ids, const std::string& name) : ids_(ids), name_(name) {}

  bool start_object(size_t) override {
    if (inside_object_) fail("entry " + quoted_text(token_) + " is an object");
    inside_object_ = true;
    return true;
  }
  bool end_object() override { return true; }
  bool key(std::string& token) override {
    token_ = token;
    return true;
  }
  bool number_unsigned(number_unsigned_t id) override {
    require_object();
    if (id > INT32_MAX) fail_id(std::to_string(id));
    if (!ids_.emplace(token_, static_cast<int32_t>(id)).second) fail("token " + quoted_text(token_) + " occurs twice");
    return true;
  }
  bool number_integer(number_integer_t id) override {
    require_object();
    fail_id(std::to_string(id));
  }
  bool number_float(number_float_t, const std::string& text) override {
    require_object();
    fail_id(escaped_text(text));
  }
  bool null() override { fail_kind("null"); }
  bool boolean(bool) override { fail_kind("a boolean"); }
  bool string(std::string&) override { fail_kind("a string"); }
  bool binary(binary_t&) override { fail_kind("binary"); }
  bool start_array(size_t) override { fail_kind("an array"); }
  bool end_array() override { return true; }
  bool parse_error(size_t position, const std::string&, const json::exception&) override {
    fail("no valid JSON at byte " + std::to_string(position));
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorCode::CorruptFile, "[vocabulary] " + quoted_text(name_) + ": " + why);
  }
  [[noreturn]] void fail_id(const std::string& id) const {
    fail("token " + quoted_text(token_) + " has id " + id + "; ids must be 0..n-1");
  }
  [[noreturn]] void fail_kind(const char* kind) const {
    require_object();
    fail("token " + quoted_text(token_) + " has " + kind + " as its id");
  }
  void require_object() const {
    if (!inside_object_) fail("must be one object of token: id");
  }

  TokenIds& ids_;
  const std::string& name_;
  bool inside_object_ = false;
  std::string token_;
};

}  // namespace

TokenIds parse_vocabulary(std::string_view text, const std::string& name) {
  TokenIds ids;
  ids.reserve(text.size() / kAverageEntryBytes);
  VocabularyReader reader(ids, name);
  json::sax_parse(text.begin(), text.end(), &reader);
  std::vector<const std::string*> token_of(ids.size(), nullptr);
  for (const auto& [token, id] : ids) {
    const auto fail = [&, &named = token, number = id](const std::string& why) {
      throw Error(ErrorCode::CorruptFile, "[vocabulary] " + quoted_text(name) + ": token " + quoted_text(named) +
                                              " has id " + std::to_string(number) + why);
    };
    if (static_cast<size_t>(id) >= ids.size()) fail("; ids must be 0.." + std::to_string(ids.size() - 1));
    const std::string*& owner = token_of[static_cast<size_t>(id)];
    if (owner != nullptr) fail(", which " + quoted_text(*owner) + " has too");
    owner = &token;
  }
  return ids;
}

std::vector<MergeRule> parse_merges(std::string_view text, const std::string& name) {
  std::vector<MergeRule> merges;
  merges.reserve(text.size() / kAverageMergeBytes);
  for (size_t line_number = 1; !text.empty(); ++line_number) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (line_number == 1 && line.starts_with("#version"))) continue;
    const size_t space = line.find(' ');
    const bool two_parts = space != line.npos && space > 0 && space + 1 < line.size() && space == line.rfind(' ');
    if (!two_parts)
      throw Error(ErrorCode::CorruptFile, "[vocabulary] " + quoted_text(name) + " line " + std::to_string(line_number) +
                                              ": " + quoted_text(line) + "; must be two tokens and a space between");
    merges.push_back({line.substr(0, space), line.substr(space + 1), line_number});
  }
  return merges;
}

}  // namespace easel
