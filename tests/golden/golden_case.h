// golden_case.h — one case of a golden folder: inputs, expected outputs and tolerances of a reference implementation.
// The format is described in the folder's README.md. Runners of one kind live in <kind>_cases.cpp.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "checkpoints/tensor_file.h"

namespace easel::golden {

struct GoldenCase {
  std::filesystem::path folder;
  nlohmann::json spec;  // case.json
  TensorFile inputs;
  TensorFile expected;

  std::string kind() const { return spec.at("kind"); }
  std::string name() const { return spec.at("name"); }
  // What made the case: "huggingface/diffusers v0.14.0 (f20c8f5a1) DDIMScheduler". Runners tell sub-kinds by it and by
  // what a case holds, never by the case's name, which says nothing about its content.
  std::string source() const { return spec.at("source"); }
  bool has_param(const std::string& name) const { return spec.contains("params") && spec.at("params").contains(name); }
  bool has_input(const std::string& name) const { return inputs.tensors.contains(name); }
  bool expects(const std::string& name) const { return expected.tensors.contains(name); }
  const Tensor& input(const std::string& name) const;  // in the file's dtype; throws NotFound
  Tensor input_f32(const std::string& name) const;
  Tensor input_i32(const std::string& name) const;  // token ids and labels, stored as i64
  std::filesystem::path path(const std::string& relative) const { return folder / relative; }
};

// Reads case.json and its tensors. Throws Error where the folder is not a case.
GoldenCase load_case(const std::filesystem::path& folder);

// Collects what a case's runner got. Every expected tensor must be checked: one that is not is a failure.
class CaseReport {
 public:
  explicit CaseReport(const GoldenCase& golden_case) : case_(golden_case) {}

  // Element by element |got - expected| <= atol + rtol * |expected|, with the case's tolerances. Shapes must agree.
  void check(const std::string& name, const Tensor& got);
  void check(const std::string& name, const std::vector<double>& got);
  // A case that cannot be run yet, with the reason; expected tensors need no check then.
  void skip(const std::string& reason) { skip_reason_ = reason; }
  // A failure that is not a comparison.
  void fail(const std::string& reason) { failures_.push_back(reason); }
  // Fails for every expected tensor that no check has named.
  void require_all_checked();

  bool skipped() const { return !skip_reason_.empty(); }
  bool passed() const { return !skipped() && failures_.empty(); }
  const std::string& skip_reason() const { return skip_reason_; }
  const std::vector<std::string>& failures() const { return failures_; }
  double max_abs_error() const { return max_abs_error_; }
  double max_rel_error() const { return max_rel_error_; }

 private:
  void compare(const std::string& name, std::span<const double> got, const Shape& shape);

  const GoldenCase& case_;
  std::set<std::string> checked_;
  std::vector<std::string> failures_;
  std::string skip_reason_;
  double max_abs_error_ = 0;
  double max_rel_error_ = 0;
};

// A runner computes the case's outputs and hands them to the report. It may throw Error: a failure.
using CaseRunner = void (*)(const GoldenCase&, CaseReport&);

}  // namespace easel::golden
