// draw and contact_sheet where Easel was built without Cairo.
#include "easel/error.h"
#include "storybook/contact_sheet.h"
#include "storybook/drawing.h"

namespace easel::storybook {
namespace {

[[noreturn]] void refuse() {
  throw Error(ErrorCode::Unsupported, "[storybook] built without Cairo; install libcairo2-dev and build again");
}

}  // namespace

Picture draw(const Scene&, int, int) { refuse(); }
Picture draw(const Scene&, int) { refuse(); }
Picture contact_sheet(const std::vector<CaptionedPicture>&, int) { refuse(); }

}  // namespace easel::storybook
