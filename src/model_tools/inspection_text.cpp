// The lines of text that `easel model inspect` prints.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "files/quoted_text.h"
#include "model_tools/model_inspection.h"

namespace easel {
namespace {

using nlohmann::ordered_json;

constexpr size_t kLongestValue = 200;  // of metadata; some trainers store megabytes of tag counts

// Columns of a component's line: the longest of Stable Diffusion's names and classes fit, and SDXL's counts.
constexpr size_t kNameWidth = 16, kClassWidth = 28, kParametersWidth = 19, kBytesWidth = 10;

std::string with_prefix(double value, const char* prefix_and_unit) {
  char text[48];
  std::snprintf(text, sizeof text, "%.1f %s", value, prefix_and_unit);
  return text;
}

// Models are compared by millions of parameters: 859.5 M, 0.8 M; only what is no whole network is counted in thousands.
std::string parameter_count(double count) {
  if (count < 1e3) return std::to_string(static_cast<int>(count)) + " parameters";
  return count < 1e5 ? with_prefix(count / 1e3, "k parameters") : with_prefix(count / 1e6, "M parameters");
}

std::string byte_count(double count) {
  if (count < 1e3) return std::to_string(static_cast<int>(count)) + " B";
  if (count < 1e6) return with_prefix(count / 1e3, "kB");
  return count < 1e9 ? with_prefix(count / 1e6, "MB") : with_prefix(count / 1e9, "GB");
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

std::string left_aligned(const std::string& text, size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text + " ";
}

std::string right_aligned(const std::string& text, size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

enum class Layout { sentence, columns };

// "0.8 M parameters, 1.6 MB f16, 208 tensors"
std::string counts(const ordered_json& entry, Layout layout) {
  const size_t columns = layout == Layout::columns ? 1 : 0;
  return right_aligned(parameter_count(entry["parameters"].get<double>()), columns * kParametersWidth) + "," +
         (columns > 0 ? "" : " ") +
         right_aligned(byte_count(entry["size_bytes"].get<double>()), columns * kBytesWidth) + " " +
         dtypes(entry["dtypes"]) + ", " + std::to_string(entry["tensor_count"].get<int64_t>()) + " tensors";
}

std::string component_line(const std::string& name, const ordered_json& entry) {
  const std::string class_name = escaped_text(entry["class"].get<std::string>());
  const std::string begin = "  " + left_aligned(escaped_text(name), kNameWidth);
  if (!entry.contains("tensor_count")) return begin + class_name + "\n";
  return begin + left_aligned(class_name, kClassWidth) + counts(entry, Layout::columns) + "\n";
}

std::string tensor_line(const ordered_json& tensor) {
  const std::string component =
      tensor.contains("component") ? escaped_text(tensor["component"].get<std::string>()) + " " : "";
  return "  " + component + escaped_text(tensor["name"].get<std::string>()) + " " + tensor["dtype"].get<std::string>() +
         " " + tensor["shape"].dump() + "\n";
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
  if (inspection.contains("tensor_count")) text += ", " + counts(inspection, Layout::sentence);
  text += "\n";
  if (inspection.contains("architecture")) text += architecture_line(inspection["architecture"]);
  if (inspection.contains("components"))
    for (const auto& [name, entry] : inspection["components"].items()) text += component_line(name, entry);
  if (inspection.contains("metadata")) text += metadata_lines(inspection["metadata"]);
  if (inspection.contains("hashes")) text += "  sha256 " + inspection["hashes"]["sha256"].get<std::string>() + "\n";
  if (inspection.contains("tensors"))
    for (const ordered_json& tensor : inspection["tensors"]) text += tensor_line(tensor);
  text.pop_back();
  return text;
}

}  // namespace easel
