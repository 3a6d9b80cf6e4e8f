#include "golden/golden_case.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "easel/error.h"

namespace easel::golden {
namespace {

std::vector<double> as_doubles(const Tensor& tensor) {
  if (tensor.dtype() == DType::f64) return {tensor.data<double>(), tensor.data<double>() + tensor.numel()};
  if (tensor.dtype() == DType::i64) {
    const int64_t* values = tensor.data<int64_t>();
    return std::vector<double>(values, values + tensor.numel());
  }
  const std::vector<float> values = tensor.to_vector();
  return {values.begin(), values.end()};
}

TensorFile read_if_named(const std::filesystem::path& folder, const nlohmann::json& spec, const char* key) {
  const auto name = spec.find(key);
  if (name == spec.end() || name->is_null()) return {};
  return read_safetensors(folder / name->get<std::string>());
}

}  // namespace

const Tensor& GoldenCase::input(const std::string& name) const {
  const auto found = inputs.tensors.find(name);
  if (found == inputs.tensors.end()) throw Error(ErrorCode::NotFound, "[golden] no input " + name);
  return found->second;
}

Tensor GoldenCase::input_f32(const std::string& name) const { return input(name).to_f32(); }

Tensor GoldenCase::input_i32(const std::string& name) const {
  const std::vector<double> values = as_doubles(input(name));
  return Tensor::from(input(name).shape(), std::vector<int32_t>(values.begin(), values.end()));
}

GoldenCase load_case(const std::filesystem::path& folder) {
  std::ifstream file(folder / "case.json");
  if (!file) throw Error(ErrorCode::NotFound, "[golden] no case.json in " + folder.string());
  GoldenCase golden_case;
  golden_case.folder = folder;
  golden_case.spec = nlohmann::json::parse(file);
  golden_case.inputs = read_if_named(folder, golden_case.spec, "inputs_file");
  golden_case.expected = read_if_named(folder, golden_case.spec, "expected_file");
  return golden_case;
}

void CaseReport::check(const std::string& name, const Tensor& got) { compare(name, as_doubles(got), got.shape()); }

void CaseReport::check(const std::string& name, const std::vector<double>& got) {
  compare(name, got, Shape{static_cast<int64_t>(got.size())});
}

void CaseReport::compare(const std::string& name, std::span<const double> got, const Shape& shape) {
  const auto found = case_.expected.tensors.find(name);
  if (found == case_.expected.tensors.end()) return fail(name + ": the case expects no such tensor");
  checked_.insert(name);
  if (found->second.shape() != shape)
    return fail(name + ": shape " + shape.to_string() + ", expected " + found->second.shape().to_string());

  const nlohmann::json entry = case_.spec.at("expected").value(name, nlohmann::json::object());
  const double rtol = entry.value("rtol", case_.spec.value("rtol", 0.0));
  const double atol = entry.value("atol", case_.spec.value("atol", 0.0));
  const double allowed_outliers = entry.value("max_outlier_fraction", 0.0) * static_cast<double>(got.size());

  const std::vector<double> expected = as_doubles(found->second);
  size_t outliers = 0, first = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double error = std::fabs(got[i] - expected[i]);
    if (std::isfinite(error)) {
      max_abs_error_ = std::max(max_abs_error_, error);
      if (expected[i] != 0) max_rel_error_ = std::max(max_rel_error_, error / std::fabs(expected[i]));
    }
    const bool equal_infinities = std::isinf(expected[i]) && got[i] == expected[i];
    if (equal_infinities || error <= atol + rtol * std::fabs(expected[i])) continue;
    if (outliers++ == 0) first = i;
  }
  if (static_cast<double>(outliers) > allowed_outliers)
    fail(name + ": " + std::to_string(outliers) + " of " + std::to_string(expected.size()) +
         " elements differ, the first at " + std::to_string(first) + ": got " + std::to_string(got[first]) +
         ", expected " + std::to_string(expected[first]));
}

void CaseReport::require_all_checked() {
  for (const auto& [name, tensor] : case_.expected.tensors)
    if (!checked_.contains(name)) fail(name + ": not checked");
}

}  // namespace easel::golden
