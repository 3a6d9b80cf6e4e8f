#include "datasets/dataset_report.h"

#include "files/quoted_text.h"

namespace easel {

void DatasetReport::skip(const std::string& example, const std::string& kind, const std::string& detail) {
  const std::lock_guard lock(mutex_);
  if (!examples_.insert(example).second) return;
  ++counts_[kind];
  const auto count = static_cast<int64_t>(examples_.size());
  if (!on_line_ || count > kShown + 1) return;
  on_line_(count <= kShown ? "skipped " + quoted_text(example) + ": " + detail
                           : "skipped more; only their number is given");
}

int64_t DatasetReport::num_skipped() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int64_t>(examples_.size());
}

std::string DatasetReport::summary() const {
  const std::lock_guard lock(mutex_);
  if (examples_.empty()) return "";
  std::string kinds;
  for (const auto& [kind, count] : counts_) kinds += (kinds.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  return std::to_string(examples_.size()) + " skipped (" + kinds + ")";
}

}  // namespace easel
