#include "text/byte_pair_encoding.h"

#include <algorithm>
#include <optional>
#include <queue>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "text/code_point.h"

namespace easel {
namespace {

constexpr const char* kEndOfWord = "</w>";

uint64_t pair_key(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

int32_t left_of(uint64_t key) { return static_cast<int32_t>(key >> 32); }
int32_t right_of(uint64_t key) { return static_cast<int32_t>(key & 0xffffffffu); }

int32_t id_or_missing(const TokenIds& vocabulary, std::string_view token) {
  const auto found = vocabulary.find(token);
  return found == vocabulary.end() ? -1 : found->second;
}

int32_t required_id(const TokenIds& vocabulary, std::string_view token) {
  const int32_t id = id_or_missing(vocabulary, token);
  if (id < 0) throw Error(ErrorCode::CorruptFile, quoted_text(token) + " is not in the vocabulary");
  return id;
}

}  // namespace

std::array<std::string, 256> byte_alphabet() {
  std::array<std::string, 256> alphabet;
  char32_t next = 0x100;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool printable = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    append_utf8(alphabet[byte], printable ? byte : next++);
  }
  return alphabet;
}

BytePairEncoding::BytePairEncoding(const TokenIds& vocabulary, std::string_view merges,
                                   const std::string& merges_name) {
  const auto alphabet = byte_alphabet();
  for (size_t byte = 0; byte < 256; ++byte) {
    inner_ids_[byte] = id_or_missing(vocabulary, alphabet[byte]);
    final_ids_[byte] = id_or_missing(vocabulary, alphabet[byte] + kEndOfWord);
  }
  const std::vector<MergeRule> rules = parse_merges(merges, merges_name);
  merges_.reserve(rules.size());
  for (const MergeRule& rule : rules) {
    try {
      add_merge(vocabulary, rule);
    } catch (const Error& error) {
      throw Error(error.code(), "[vocabulary] " + quoted_text(merges_name) + " line " +
                                    std::to_string(rule.line_number) + ": " + error.what());
    }
  }
}

void BytePairEncoding::add_merge(const TokenIds& vocabulary, const MergeRule& rule) {
  std::string joined(rule.left);
  joined += rule.right;
  const uint64_t key = pair_key(required_id(vocabulary, rule.left), required_id(vocabulary, rule.right));
  const Merge merge{static_cast<int32_t>(merges_.size()), required_id(vocabulary, joined)};
  if (!merges_.emplace(key, merge).second)
    throw Error(ErrorCode::CorruptFile, quoted_text(joined) + " is joined twice");
}

// The symbols of a word as a linked list, and a queue of the pairs that may be merged. A merge changes two pairs only,
// so pairs that are gone stay in the queue and are dropped when they come up.
class BytePairEncoding::Word {
 public:
  Word(const BytePairEncoding& encoding, std::string_view bytes, int32_t unknown_id) : merges_(encoding.merges_) {
    symbols_.reserve(bytes.size());
    for (size_t i = 0; i < bytes.size(); ++i) {
      const auto& ids = i + 1 == bytes.size() ? encoding.final_ids_ : encoding.inner_ids_;
      const int32_t id = ids[static_cast<unsigned char>(bytes[i])];
      symbols_.push_back({id < 0 ? unknown_id : id, static_cast<int>(i) - 1, static_cast<int>(i) + 1});
    }
    for (int i = 0; i < size(); ++i) enqueue(i);
  }

  void merge_all() {
    while (!queue_.empty()) {
      const Candidate next = queue_.top();
      queue_.pop();
      const auto merge = merge_at(next.position);
      if (merge && merge->rank == next.rank) apply(next.position, merge->id);
    }
  }

  void append_to(std::vector<int32_t>& ids) const {
    for (int i = 0; i < size(); i = symbols_[static_cast<size_t>(i)].next)
      ids.push_back(symbols_[static_cast<size_t>(i)].id);
  }

 private:
  struct Symbol {
    int32_t id;  // -1 once merged into the symbol before it
    int previous, next;
  };
  struct Candidate {
    int32_t rank;
    int position;  // of the left symbol
    bool operator>(const Candidate& other) const {
      return rank != other.rank ? rank > other.rank : position > other.position;
    }
  };

  int size() const { return static_cast<int>(symbols_.size()); }

  // The merge of the symbol at `position` with the one after it, where there is one.
  std::optional<Merge> merge_at(int position) const {
    const Symbol& left = symbols_[static_cast<size_t>(position)];
    if (left.id < 0 || left.next >= size()) return std::nullopt;
    const auto found = merges_.find(pair_key(left.id, symbols_[static_cast<size_t>(left.next)].id));
    return found == merges_.end() ? std::nullopt : std::optional(found->second);
  }

  void enqueue(int position) {
    if (const auto merge = merge_at(position)) queue_.push({merge->rank, position});
  }

  void apply(int position, int32_t joined_id) {
    Symbol& left = symbols_[static_cast<size_t>(position)];
    Symbol& right = symbols_[static_cast<size_t>(left.next)];
    left.id = joined_id;
    left.next = right.next;
    right.id = -1;
    if (left.next < size()) symbols_[static_cast<size_t>(left.next)].previous = position;
    if (left.previous >= 0) enqueue(left.previous);
    enqueue(position);
  }

  const std::unordered_map<uint64_t, Merge>& merges_;
  std::vector<Symbol> symbols_;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
};

void BytePairEncoding::encode_word(std::string_view bytes, int32_t unknown_id, std::vector<int32_t>& ids) const {
  Word word(*this, bytes, unknown_id);
  word.merge_all();
  word.append_to(ids);
}

std::string BytePairEncoding::spelling(int32_t id) const {
  const auto byte_of = [&](const std::array<int32_t, 256>& ids) { return std::ranges::find(ids, id) - ids.begin(); };
  if (const auto byte = byte_of(inner_ids_); byte < 256) return {static_cast<char>(byte)};
  if (const auto byte = byte_of(final_ids_); byte < 256) return {static_cast<char>(byte), ' '};
  for (const auto& [key, merge] : merges_)
    if (merge.id == id) return spelling(left_of(key)) + spelling(right_of(key));
  return "";
}

}  // namespace easel
