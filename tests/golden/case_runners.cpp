#include "golden/case_runners.h"

namespace easel::golden {

const std::map<std::string, CaseRunner>& case_runners() {
  static const std::map<std::string, CaseRunner> runners = {};
  return runners;
}

}  // namespace easel::golden
