// dataset_report.h — a short report of what was wrong with a data set.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace easel {

// Counts the examples that were left out, by kind of reason, and passes the first kShown on as lines. Thread safe.
class DatasetReport {
 public:
  static constexpr int64_t kShown = 10;
  using Line = std::function<void(const std::string&)>;

  // `on_line` is called for each line to be shown; nothing where it is empty.
  explicit DatasetReport(Line on_line = {}) : on_line_(std::move(on_line)) {}

  // kind: what the summary counts by ("broken picture", "empty caption"); detail: the reason in full. An example that
  // was noted before is not counted again.
  void skip(const std::string& example, const std::string& kind, const std::string& detail);

  int64_t num_skipped() const;
  // "12 skipped (9 broken picture, 3 empty caption)"; empty where there was nothing.
  std::string summary() const;

 private:
  mutable std::mutex mutex_;
  Line on_line_;
  std::set<std::string> examples_;
  std::map<std::string, int64_t> counts_;
};

}  // namespace easel
