#include "request/infotext.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "files/trimmed_text.h"

namespace easel {
namespace {

using nlohmann::json;

constexpr std::string_view kNegativePrompt = "Negative prompt:";
constexpr size_t kMinFields = 3;  // in a last line that is not prompt

using Fields = std::vector<std::pair<std::string, std::string>>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The regular expression's \w; every byte of a character outside ASCII counts as a letter.
bool is_word(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}
bool is_key(char c) { return is_word(c) || c == ' ' || c == '-' || c == '/'; }

std::string quoted_value(const std::string& value) {
  const bool plain = !value.empty() && value.find_first_of(",:\n\"") == value.npos && trimmed_text(value) == value;
  return plain ? value : json(value).dump(-1, ' ', false, json::error_handler_t::replace);
}

// Length of "…" with its escapes at the start of `text` where it has content and is followed by a comma or the end.
std::optional<size_t> quoted_length(std::string_view text) {
  if (!text.starts_with('"')) return std::nullopt;
  size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size() || end == 1) return std::nullopt;
  ++end;
  return end == text.size() || text[end] == ',' ? std::optional(end) : std::nullopt;
}

std::string unquoted_value(std::string_view value) {
  if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"')) return std::string(value);
  const json parsed = json::parse(value.begin(), value.end(), nullptr, /*allow_exceptions=*/false);
  return parsed.is_string() ? parsed.get<std::string>() : std::string(value);
}

// "512x768" as its two numbers.
std::optional<std::pair<std::string, std::string>> size_of(const std::string& value) {
  const size_t cross = value.find('x');
  if (cross == value.npos || cross == 0 || cross + 1 == value.size()) return std::nullopt;
  const std::string first = value.substr(0, cross), second = value.substr(cross + 1);
  if (!std::ranges::all_of(first, is_digit) || !std::ranges::all_of(second, is_digit)) return std::nullopt;
  return std::pair(first, second);
}

// All matches of the webui's pattern  \s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)  in one line. No part of a
// run of key characters can match without the colon behind the run, so each character is looked at a few times only.
Fields match_fields(std::string_view line) {
  Fields fields;
  for (size_t position = 0; position < line.size();) {
    if (!is_word(line[position])) {
      ++position;
      continue;
    }
    const size_t begin = position;
    while (position < line.size() && is_key(line[position])) ++position;
    if (position - begin < 2 || position == line.size() || line[position] != ':') continue;
    const std::string_view key = line.substr(begin, position - begin);
    const std::string_view rest = line.substr(std::min(line.find_first_not_of(kWhiteSpace, position + 1), line.size()));
    const size_t length = quoted_length(rest).value_or(std::min(rest.find(','), rest.size()));
    fields.emplace_back(key, rest.substr(0, length));
    position = line.size() - rest.size() + length + 1;
  }
  return fields;
}

void append_line(std::string& text, std::string_view line) {
  if (!text.empty()) text += '\n';
  text += line;
}

void parse_prompts(std::string_view text, Infotext& infotext) {
  bool negative = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed_text(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(kNegativePrompt)) {
      negative = true;
      line = trimmed_text(line.substr(kNegativePrompt.size()));
    }
    append_line(negative ? infotext.negative_prompt : infotext.prompt, line);
  }
}

void split_old_sampler_name(Infotext& infotext) {
  if (infotext.find("Schedule type") != nullptr) return;
  const auto sampler = std::ranges::find(infotext.fields, "Sampler", &Fields::value_type::first);
  if (sampler == infotext.fields.end()) return;
  for (const std::string schedule : {"Karras", "Exponential"}) {
    std::string& name = sampler->second;
    if (!name.ends_with(" " + schedule)) continue;
    name.resize(name.size() - schedule.size() - 1);
    infotext.fields.emplace_back("Schedule type", schedule);
    return;
  }
}

}  // namespace

const std::string* Infotext::find(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, &Fields::value_type::first);
  return found == fields.end() ? nullptr : &found->second;
}

std::string format_infotext(const Infotext& infotext) {
  std::string text;
  if (!infotext.prompt.empty()) text += infotext.prompt + '\n';
  if (!infotext.negative_prompt.empty()) text += std::string(kNegativePrompt) + ' ' + infotext.negative_prompt + '\n';
  std::string separator;
  for (const auto& [key, value] : infotext.fields) {
    text += separator + key + ": " + quoted_value(value);
    separator = ", ";
  }
  for (size_t nul = text.find('\0'); nul != text.npos; nul = text.find('\0', nul)) text.replace(nul, 1, "\uFFFD");
  return text;
}

Infotext parse_infotext(std::string_view text) {
  text = trimmed_text(text);
  const size_t last_line = text.find_last_of('\n') + 1;  // 0 where there is one line only
  Infotext infotext;
  Fields fields = match_fields(text.substr(last_line));
  if (fields.size() < kMinFields)
    fields.clear();
  else
    text = text.substr(0, last_line);
  parse_prompts(text, infotext);
  for (auto& [key, raw] : fields) {
    std::string value = unquoted_value(raw);
    if (const auto size = size_of(value)) {
      infotext.fields.emplace_back(key + "-1", size->first);
      infotext.fields.emplace_back(key + "-2", size->second);
    } else {
      infotext.fields.emplace_back(std::move(key), std::move(value));
    }
  }
  return infotext;
}

void fill_infotext_defaults(Infotext& infotext) {
  constexpr std::pair<const char*, const char*> kDefaults[] = {
      {"Clip skip", "1"},
      {"Schedule type", "Automatic"},
      {"RNG", "GPU"},
      {"Hires prompt", ""},
      {"Hires negative prompt", ""},
      {"Hires resize-1", "0"},
      {"Hires resize-2", "0"},
      {"Hires sampler", "Use same sampler"},
      {"Hires schedule type", "Use same scheduler"},
      {"Hires checkpoint", "Use same checkpoint"},
      {"Mask mode", "Inpaint masked"},
      {"Masked content", "original"},
      {"Inpaint area", "Whole picture"},
      {"Masked area padding", "32"},
      {"Emphasis", "Original"},
  };
  split_old_sampler_name(infotext);
  for (const auto& [key, value] : kDefaults)
    if (infotext.find(key) == nullptr) infotext.fields.emplace_back(key, value);
}

}  // namespace easel
