// Any bytes as a prompt and as the account that another program wrote into a picture: they are read or refused with an
// Error, and what is drawn, composed and scheduled of a prompt has a text for every step.
#include <algorithm>
#include <cstdlib>

#include "easel/error.h"
#include "request/foreign/imported_parameters.h"
#include "request/parameter_grid.h"
#include "text/language/composed_prompt.h"
#include "text/language/dynamic_prompt.h"

namespace easel {
namespace {

constexpr int kSteps = 7;

void require(bool condition) {
  if (!condition) std::abort();
}

void read_prompt(const std::string& prompt) {
  const std::string drawn = draw_dynamic_prompt(prompt, {.wildcards = "/nowhere", .seed = prompt.size()});
  const std::vector<PromptPart> parts = compose_prompt(drawn, kSteps, static_cast<int>(prompt.size() % 2) * kSteps);
  require(!parts.empty());
  for (const PromptPart& part : parts) {
    require(!part.schedule.empty() && part.schedule.back().end_step == kSteps);
    for (int step = 0; step < kSteps; ++step) require(scheduled_at(part.schedule, step) < part.schedule.size());
  }
}

void read_account(const std::string& text) {
  const Picture pixel{.width_px = 1, .height_px = 1, .channels = 3, .pixels = {1, 2, 3}};
  PictureFile file{.picture = pixel, .metadata = {}};
  file.metadata.parameters = text;
  for (const char* keyword : {"prompt", "invokeai_metadata", "Comment"}) file.metadata.text[keyword] = text;
  file.metadata.text["Software"] = "NovelAI";
  import_parameters(file);
  file.metadata.parameters.clear();
  import_parameters(file);
  file.metadata.text.erase("Software");
  import_parameters(file);
}

}  // namespace
}  // namespace easel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace easel;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  read_account(text);
  try {
    read_prompt(text);
  } catch (const Error& error) {
    require(error.code() != ErrorCode::Internal);
  }
  try {
    parse_grid_axis(text);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::InvalidArgument);
  }
  return 0;
}
