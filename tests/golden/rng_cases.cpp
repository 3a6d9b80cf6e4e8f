// rng: seeded noise of torch's CPU generator and of the CUDA-style Philox.
#include <map>

#include "diffusion/noise_source.h"
#include "golden/case_runners.h"

namespace easel::golden {
namespace {

std::vector<double> values_of(const Tensor& tensor) {
  const auto values = tensor.span();
  return {values.begin(), values.end()};
}

void check_torch(const GoldenCase& golden_case, uint64_t seed, CaseReport& report) {
  const nlohmann::json& params = golden_case.spec.at("params");
  const std::string s = std::to_string(seed);
  for (const int64_t size : params.at("sizes")) {
    const std::string name = "randn_s" + s + "_n" + std::to_string(size);
    if (golden_case.expects(name)) report.check(name, TorchNoise(seed).draw({size}));
  }
  report.check("randn2d_s" + s, TorchNoise(seed).draw({1, 4, 8, 8}));

  TorchNoise consecutive(seed);
  int call = 0;
  for (const int64_t size : params.at("sequence"))
    report.check("seq_randn_s" + s + "_" + std::to_string(call++) + "_n" + std::to_string(size),
                 consecutive.draw({size}));

  TorchNoise uniform(seed), integers(seed);
  std::vector<double> uniforms, below_1000;
  for (int i = 0; i < 20; ++i) uniforms.push_back(uniform.uniform());
  for (int i = 0; i < 16; ++i) below_1000.push_back(static_cast<double>(integers.integer_below(1000)));
  report.check("rand_s" + s + "_n20", uniforms);
  report.check("randint_s" + s, below_1000);
}

// Expected names are callK_sSEED_nSIZE: the K-th draw of that size.
void check_philox(const GoldenCase& golden_case, CaseReport& report) {
  std::map<std::string, PhiloxNoise> sources;
  for (const auto& [name, expected] : golden_case.expected.tensors) {  // call0 sorts before call1
    const std::string stream = name.substr(name.find('_'));
    const uint64_t seed = std::stoull(stream.substr(2));
    report.check(name, values_of(sources.try_emplace(stream, seed).first->second.draw(expected.shape())));
  }
}

}  // namespace

void run_rng_case(const GoldenCase& golden_case, CaseReport& report) {
  if (golden_case.source().find("philox") != std::string::npos) return check_philox(golden_case, report);
  for (const uint64_t seed : golden_case.spec.at("params").at("seeds")) check_torch(golden_case, seed, report);
}

}  // namespace easel::golden
