// The lines of text that `easel model inspect` prints.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "io/quoted_text.h"
#include "pipelines/model_inspection.h"

namespace easel {
namespace {

using nlohmann::ordered_json;

constexpr size_t kLongestValue = 200;  // of metadata; some trainers store megabytes of tag counts

std::string scaled(double value, const char* unit) {
  constexpr const char* kPrefixes[] = {"", "k", "M", "G"};
  size_t prefix = 0;
  for (; value >= 1000 && prefix < 3; ++prefix) value /= 1000;
  char text[48];
  std::snprintf(text, sizeof text, prefix == 0 ? "%.0f %s%s" : "%.1f %s%s", value, kPrefixes[prefix], unit);
  return text;
}

// "f16" or "f16, f32 (3 %)": most elements first.
std::string dtypes(const ordered_json& counts) {
  std::string text, most;
  double total = 0, highest = -1;
  for (const auto& [name, count] : counts.items()) {
    total += count.get<double>();
    if (count.get<double>() > highest) most = name, highest = count.get<double>();
  }
  text = most;
  for (const auto& [name, count] : counts.items()) {
    if (name == most) continue;
    char share[48];
    std::snprintf(share, sizeof share, " (%.2g %%)", total > 0 ? 100 * count.get<double>() / total : 0);
    text += ", " + name + share;
  }
  return text;
}

std::string counts(const ordered_json& entry) {
  if (!entry.contains("tensor_count")) return "";
  return scaled(entry["parameters"].get<double>(), "parameters") + ", " +
         scaled(entry["size_bytes"].get<double>(), "B") + ", " + dtypes(entry["dtypes"]) + ", " +
         std::to_string(entry["tensor_count"].get<int64_t>()) + " tensors";
}

std::string padded(const std::string& text, size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text + " ";
}

std::string architecture_line(const ordered_json& architecture) {
  std::string line = "  " + architecture["family"].get<std::string>() + ", " + architecture["task"].get<std::string>();
  if (architecture.contains("prediction_type"))
    line += ", predicts " + escaped_text(architecture["prediction_type"].get<std::string>());
  return line + "\n";
}

std::string metadata_lines(const ordered_json& metadata) {
  std::string text = "  metadata\n";
  for (const auto& [key, value] : metadata.items()) {
    const auto& full = value.get_ref<const std::string&>();
    const std::string shown = escaped_text(full.substr(0, kLongestValue));
    text += "    " + escaped_text(key) + ": " + shown + (full.size() > kLongestValue ? " …" : "") + "\n";
  }
  return text;
}

}  // namespace

std::string render_inspection(const ordered_json& inspection) {
  std::string text = escaped_text(inspection["path"].get<std::string>()) + ": " + inspection["kind"].get<std::string>();
  if (inspection.contains("class")) text += ", " + escaped_text(inspection["class"].get<std::string>());
  if (inspection.contains("tokens")) text += ", " + std::to_string(inspection["tokens"].get<int64_t>()) + " tokens";
  if (const std::string line = counts(inspection); !line.empty()) text += ", " + line;
  text += "\n";
  if (inspection.contains("architecture")) text += architecture_line(inspection["architecture"]);
  if (inspection.contains("components"))
    for (const auto& [name, entry] : inspection["components"].items())
      text += "  " + padded(escaped_text(name), 18) + padded(escaped_text(entry["class"].get<std::string>()), 30) +
              counts(entry) + "\n";
  if (inspection.contains("metadata")) text += metadata_lines(inspection["metadata"]);
  if (inspection.contains("hashes")) text += "  sha256 " + inspection["hashes"]["sha256"].get<std::string>() + "\n";
  if (inspection.contains("tensors"))
    for (const ordered_json& tensor : inspection["tensors"])
      text += "  " + (tensor.contains("component") ? escaped_text(tensor["component"].get<std::string>()) + " " : "") +
              escaped_text(tensor["name"].get<std::string>()) + " " + tensor["dtype"].get<std::string>() + " " +
              tensor["shape"].dump() + "\n";
  text.pop_back();
  return text;
}

}  // namespace easel
