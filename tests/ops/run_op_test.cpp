// Every operation passes run_op.
#include "ops/run_op.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>

#include "build_paths.h"
#include "ops/gradients.h"
#include "ops/ops.h"
#include "ops/random_tensor.h"

namespace easel {
namespace {

// Names of the functions that a header of src/ops declares as operations.
std::set<std::string> declared_in(const std::string& header) {
  std::ifstream file(easel::test::source_path("src/ops") / header);
  const std::regex declaration(R"(^EASEL_API [A-Za-z:<>]+ ([a-z_0-9]+)\()");
  std::set<std::string> names;
  for (std::string line; std::getline(file, line);)
    if (std::smatch match; std::regex_search(line, match, declaration)) names.insert(match[1]);
  return names;
}

// What the observer is told of while `call` runs.
template <typename Call>
std::set<std::string> observed(const Call& call) {
  std::set<std::string> ops;
  const ScopedOpObserver observer([&](const OpRecord& record) { ops.insert(record.op); });
  call();
  return ops;
}

void run_every_operation() {
  const Tensor x = random_tensor({2, 4, 4, 4}, 1), vector = random_tensor({4}, 2), tokens = random_tensor({2, 3, 4}, 3);
  linear(tokens, random_tensor({4, 4}, 4), vector);
  conv2d(x, random_tensor({4, 4, 3, 3}, 5), vector);
  group_norm(x, vector, vector, {.num_groups = 2});
  group_norm_apply(x, group_norm_statistics(x, 2), vector, vector, {.num_groups = 2});
  layer_norm(x, vector, vector);
  attention(tokens, tokens, tokens, {});
  activate(x, Activation::silu);
  multiply(x, x);
  clamp(x, 0, 1);
  weighted_sum({{2.0, x}});
  affine(x, 2, 1);
  exponential(x);
  absolute(x);
  row_means(x);
  scale_rows(x, random_tensor({2}, 6));
  log_softmax(x);
  l2_normalize(x);
  all_finite(x);
  row_deviations(x);
  row_quantiles(x, 0.5);
  error_norm(x, x, x, 0.1, 0.1);
  upsample_nearest(x, 8, 8);
  concat({x, x}, 0);
  slice(x, 0, 0, 1);
  reshape(x, {4, 32});
  permute(x, {0, 3, 1, 2});
  const std::vector<int32_t> ids{1, 0};
  embedding(Tensor::from({2}, std::span(ids)), random_tensor({4, 3}, 7));
  select_token(tokens, Tensor::from({2}, std::span(ids)));
}

void run_every_gradient() {
  const Tensor x = random_tensor({2, 4, 4, 4}, 1), filter = random_tensor({4, 4, 3, 3}, 2),
               vector = random_tensor({4}, 3);
  const Tensor tokens = random_tensor({2, 3, 4}, 4), matrix = random_tensor({4, 4}, 5);
  conv2d_grad_input(x, filter, x.shape(), 1, Padding::all(1));
  conv2d_grad_weight(x, x, filter.shape(), 1, Padding::all(1));
  linear_grad_input(tokens, matrix);
  linear_grad_weight(tokens, tokens);
  channel_sums(x);
  group_norm_grad(x, x, group_norm_statistics(x, 2), vector, vector, {.num_groups = 2});
  layer_norm_grad(tokens, tokens, vector, 1e-5f);
  attention_grad(tokens, tokens, tokens, tokens, {});
  activate_grad(x, x, Activation::silu);
  pixel_sums(x);
  upsample_nearest_grad(x, {2, 2, 2, 4});
}

TEST(RunOp, EveryOperationPassesIt) {
  const std::set<std::string> seen = observed(run_every_operation);
  std::set<std::string> declared = declared_in("ops.h");
  EXPECT_GT(declared.size(), 20u);
  declared.erase("add");         // weighted_sum of two
  declared.erase("to_device");   // needs a second one: tests/ops/torch_backend_test.cpp
  declared.erase("to_backend");  // to_device
  for (const std::string& op : declared) EXPECT_TRUE(seen.contains(op)) << op;
}

TEST(RunOp, EveryGradientPassesIt) {
  const std::set<std::string> seen = observed(run_every_gradient), declared = declared_in("gradients.h");
  EXPECT_GT(declared.size(), 8u);
  for (const std::string& op : declared) EXPECT_TRUE(seen.contains(op)) << op;
}

TEST(RunOp, ReportsDirectArithmeticAfterTheOperation) {
  const Tensor x = random_tensor({1, 8, 8, 3}, 1), filter = random_tensor({5, 3, 3, 3}, 2);
  std::vector<OpRecord> records;
  {
    const ScopedOpObserver observer([&](const OpRecord& record) { records.push_back(record); });
    conv2d(x, filter, {}, {.padding = Padding::all(1)});
    concat({x}, 0);  // nothing to do
  }
  conv2d(x, filter, {});  // no longer seen
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].op, "conv2d");
  EXPECT_EQ(records[0].multiply_adds, 8 * 8 * 5 * 3 * 3 * 3);
  EXPECT_GT(records[0].seconds, 0.0);
}

}  // namespace
}  // namespace easel
