// The runner tells what a case is by its content, and says so where it cannot run one.
#include <gtest/gtest.h>

#include "golden/case_runners.h"
#include "golden/golden_folder.h"
#include "golden/reference_version.h"
#include "temporary_folder.h"

namespace easel::golden {
namespace {

GoldenCase stored_case(const std::string& path) { return load_case(golden_folder() / path); }

// The same case with its noise schedules under other names.
GoldenCase with_schedules_renamed(GoldenCase golden_case, const std::map<std::string, std::string>& names) {
  nlohmann::json schedules = nlohmann::json::object(), entries = nlohmann::json::object();
  std::map<std::string, Tensor> tensors;
  for (const auto& [old_name, new_name] : names) {
    schedules[new_name] = golden_case.spec.at("params").at("schedules").at(old_name);
    for (const auto& [key, tensor] : golden_case.expected.tensors)
      if (key.starts_with(old_name + "_")) {
        const std::string renamed = new_name + key.substr(old_name.size());
        tensors.emplace(renamed, tensor);
        entries[renamed] = golden_case.spec.at("expected").at(key);
      }
  }
  golden_case.spec["params"]["schedules"] = schedules;
  golden_case.spec["expected"] = entries;
  golden_case.expected.tensors = tensors;
  return golden_case;
}

TEST(GoldenRunner, BetaTablesAreToldByTheirKindNotByTheirName) {
  const GoldenCase renamed = with_schedules_renamed(stored_case("scheduler/beta_tables"),
                                                    {{"cosine", "squared"}, {"linear", "cosine"}, {"sd", "scaled"}});
  const CaseReport report = run_case(renamed);
  EXPECT_TRUE(report.passed()) << report.failures().front();
}

TEST(GoldenRunner, AWrongValueOfABetaTableFails) {
  GoldenCase wrong = stored_case("scheduler/beta_tables");
  Tensor& table = wrong.expected.tensors.at("cosine_alphas_cumprod");
  table = table.to_f32().clone();
  table.span()[500] *= 1.001f;
  EXPECT_FALSE(run_case(wrong).passed());
}

TEST(GoldenRunner, TheNameOfACaseSaysNothing) {
  for (const char* path : {"scheduler/beta_tables", "scheduler/add_noise_velocity", "sampler/k_schedules",
                           "sampler/k_denoiser_wrappers", "sampler/ldm_plms", "rng/philox_cuda_style"}) {
    GoldenCase renamed = stored_case(path);
    renamed.spec["name"] = "another_point";
    EXPECT_TRUE(run_case(renamed).passed()) << path;
  }
}

TEST(GoldenRunner, EtaReachesTheSchedulersThatTakeIt) {
  const GoldenCase golden_case = stored_case("pipeline/txt2img_ddim");
  SamplingPlan ddim = reference_plan(golden_case, golden_case.spec.at("params").at("scheduler"), 5);
  apply_pipeline_eta(0.6, ddim);
  EXPECT_EQ(ddim.options.eta, 0.6);
  SamplingPlan ancestral = reference_plan(golden_case, {{"_class_name", "EulerAncestralDiscreteScheduler"}}, 5);
  const double its_own = ancestral.options.eta;
  apply_pipeline_eta(0.0, ancestral);
  EXPECT_EQ(ancestral.options.eta, its_own);
}

// The pictures were made with eta 0: with another eta they must not come out.
TEST(GoldenRunner, EtaOfAPipelineCaseIsNotIgnored) {
  GoldenCase golden_case = stored_case("pipeline/txt2img_ddim");
  const Tensor latents = golden_case.input_f32("latents");
  for (int i = 0; i < 5; ++i) golden_case.inputs.tensors.emplace("noise_" + std::to_string(i), latents);
  EXPECT_TRUE(run_case(golden_case).passed());
  golden_case.spec["params"]["eta"] = 0.6;
  EXPECT_FALSE(run_case(golden_case).passed());
}

TEST(GoldenRunner, AKindWithoutARunnerIsSkippedByName) {
  GoldenCase golden_case = stored_case("scheduler/beta_tables");
  golden_case.spec["kind"] = "crystal_ball";
  const CaseReport report = run_case(golden_case);
  EXPECT_TRUE(report.skipped());
  EXPECT_FALSE(report.passed());
  EXPECT_EQ(report.skip_reason(), "kind crystal_ball is not supported");
}

TEST(GoldenRunner, HostileFilesOfAnUnknownKindAreReported) {
  const test::TemporaryFolder folder;
  for (const char* kind : {"hostile", "hostile_scrolls"}) folder.write(std::string(kind) + "/manifest.json", "{}");
  EXPECT_EQ(unsupported_manifests(folder.path()), std::vector<std::string>{"hostile_scrolls"});
}

}  // namespace
}  // namespace easel::golden
