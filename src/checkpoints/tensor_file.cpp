#include "checkpoints/tensor_file.h"

#include "easel/error.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"

namespace easel {

TensorFile read_tensor_file(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  const std::string_view bytes = storage_bytes(*file);
  // safetensors first: the length that it starts with may look like the magic numbers of the others, not vice versa.
  constexpr size_t kHeaderStart = 8;
  if (bytes.size() > kHeaderStart && bytes[kHeaderStart] == '{') return parse_safetensors(file, path.string());
  if (bytes.starts_with("PK") || bytes.starts_with('\x80')) return parse_pickle(file, path.string());
  // Neither: the name decides which error is of use.
  if (path.extension() == ".safetensors") return parse_safetensors(file, path.string());
  throw Error(ErrorCode::CorruptFile, "[file] " + quoted_text(path.string()) +
                                          " is neither safetensors nor a checkpoint of torch.save (zip or pickle)");
}

}  // namespace easel
