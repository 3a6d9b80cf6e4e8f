#include "ops/cpu/kernels.h"

#include <atomic>
#include <cmath>
#include <cstdlib>

#include "easel/error.h"
#include "ops/cpu/kernel_table.h"

namespace easel::cpu {
namespace {

// Fastest first; "reference" runs everywhere.
std::vector<const Kernels*> supported_tables() {
  std::vector<const Kernels*> tables = vector_kernels();
  tables.push_back(&reference_kernels());
  return tables;
}

const Kernels& find(const std::string& name, const char* where) {
  std::string list;
  for (const Kernels* table : supported_tables()) {
    if (name == table->name) return *table;
    list += (list.empty() ? "" : ", ") + std::string(table->name);
  }
  throw Error(ErrorCode::InvalidArgument, "[cpu] " + std::string(where) + " = " + name + "; this CPU runs " + list);
}

const Kernels* initial_table() {
  const char* forced = std::getenv("EASEL_CPU_KERNELS");
  if (forced != nullptr && *forced != '\0') return &find(forced, "EASEL_CPU_KERNELS");
  return supported_tables().front();
}

std::atomic<const Kernels*>& current_table() {
  static std::atomic<const Kernels*> table{initial_table()};
  return table;
}

}  // namespace

const Kernels& kernels() { return *current_table(); }
const char* kernels_name() { return kernels().name; }

std::vector<std::string> supported_kernels() {
  std::vector<std::string> names;
  for (const Kernels* table : supported_tables()) names.emplace_back(table->name);
  return names;
}

AttentionProblem attention_problem(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionOptions& options) {
  AttentionProblem problem;
  problem.q = q.f32();
  problem.k = k.f32();
  problem.v = v.f32();
  problem.batch = q.dim(0);
  problem.query_tokens = q.dim(1);
  problem.key_tokens = k.dim(1);
  problem.num_heads = options.num_heads;
  problem.head_size = q.dim(2) / options.num_heads;
  problem.scale = options.scale != 0.0f ? options.scale : 1.0f / std::sqrt(static_cast<float>(problem.head_size));
  problem.causal = options.causal;
  return problem;
}

void force_kernels(const std::string& name) { current_table() = &find(name, "kernels"); }

}  // namespace easel::cpu
