// Any bytes as a checkpoint of torch.save, and as the object's pickle inside a legacy stream (which no checksum
// guards): they are read, or refused with an Error.
#include <cstring>
#include <string>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "heap_storage.h"

namespace {

void read(const std::string& file) {
  try {
    const auto storage = easel::HeapStorage::copy_of(reinterpret_cast<const uint8_t*>(file.data()), file.size());
    for (const auto& [name, tensor] : easel::parse_pickle(storage, "fuzz").tensors) tensor.clone();
  } catch (const easel::Error&) {
    return;
  }
}

// Magic number, protocol 1001 and an empty description of the system, as pickles.
constexpr char kHead[] =
    "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
    "\x80\x02M\xe9\x03."
    "\x80\x02}.";
// The key list ["0"], and storage 0 of six elements of four bytes.
constexpr char kTail[] =
    "\x80\x02]X\x01\0\0\0"
    "0a."
    "\x06\0\0\0\0\0\0\0"
    "\0\0\0\0\0\0\x80?\0\0\0@\0\0@@\0\0\x80@\0\0\xa0@";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string content(reinterpret_cast<const char*>(bytes), size);
  read(content);
  read(std::string(kHead, sizeof kHead - 1) + content + std::string(kTail, sizeof kTail - 1));
  return 0;
}
