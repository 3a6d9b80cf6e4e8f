// Any bytes as a picture file: it is decoded, or refused with an Error; what was decoded can be written again, and its
// parameters are read as infotext.
#include <cstdlib>

#include "easel/error.h"
#include "pictures/picture_file.h"
#include "request/infotext.h"

namespace easel {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// Written as PNG, a picture and its text must come back unchanged.
void check_round_trip(const PictureFile& file) {
  const auto encoded = encode_picture(file.picture, PictureFormat::png, {.metadata = file.metadata});
  const PictureFile again = decode_picture(encoded, "again");
  require(again.picture.pixels == file.picture.pixels);
  require(again.metadata.parameters == file.metadata.parameters && again.metadata.json == file.metadata.json);
}

}  // namespace
}  // namespace easel

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace easel;
  Infotext infotext = parse_infotext({reinterpret_cast<const char*>(bytes), size});
  fill_infotext_defaults(infotext);
  format_infotext(infotext);
  try {
    const PictureFile file = decode_picture({bytes, size}, "fuzzed");
    parse_infotext(file.metadata.parameters);
    constexpr size_t kSmall = 1 << 16;  // larger ones take long to write
    if (file.picture.pixels.size() < kSmall) check_round_trip(file);
  } catch (const Error& error) {
    require(error.code() != ErrorCode::Internal);
  }
  return 0;
}
