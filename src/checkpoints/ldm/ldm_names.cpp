#include "checkpoints/ldm/ldm_names.h"

#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "checkpoints/checkpoint.h"
#include "checkpoints/ldm/ldm_layout.h"
#include "easel/error.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

using nlohmann::json;

char* bytes_of(const Tensor& tensor) { return static_cast<char*>(tensor.storage()->data()) + tensor.offset_bytes(); }

[[noreturn]] void fail(const std::string& name, const Tensor& tensor, const std::string& wanted) {
  throw Error(ErrorCode::CorruptFile, "[checkpoint] tensor " + quoted_text(name) + " has shape " +
                                          tensor.shape().to_string() + "; must be " + wanted);
}

Tensor transposed(const std::string& name, const Tensor& matrix) {
  if (matrix.rank() != 2) fail(name, matrix, "a matrix");
  const int64_t rows = matrix.dim(0), columns = matrix.dim(1);
  const size_t element = dtype_size_bytes(matrix.dtype());
  Tensor result = Tensor::empty({columns, rows}, matrix.dtype());
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c)
      std::memcpy(bytes_of(result) + static_cast<size_t>(c * rows + r) * element,
                  bytes_of(matrix) + static_cast<size_t>(r * columns + c) * element, element);
  return result;
}

// Matrices or vectors one above the other.
Tensor stacked(const std::string& name, const std::vector<Tensor>& parts) {
  for (const Tensor& part : parts)
    if (!part.defined() || part.rank() < 1 || part.shape() != parts[0].shape() || part.dtype() != parts[0].dtype())
      throw Error(ErrorCode::CorruptFile, "[checkpoint] the three parts of " + quoted_text(name) + " do not fit");
  const Tensor& first = parts[0];
  Tensor result = Tensor::empty(first.shape().with(0, 3 * first.dim(0)), first.dtype());
  for (size_t i = 0; i < parts.size(); ++i)
    if (first.size_bytes() > 0)
      std::memcpy(bytes_of(result) + i * first.size_bytes(), bytes_of(parts[i]), first.size_bytes());
  return result;
}

Tensor from_ldm(const std::string& name, const Tensor& tensor, const LdmName& row) {
  switch (row.storage) {
    case LdmStorage::same: return tensor;
    case LdmStorage::convolution:
      if (tensor.rank() != 4) return tensor;  // the bias, or a file that stores a matrix already
      if (tensor.dim(2) != 1 || tensor.dim(3) != 1) fail(name, tensor, "[C_out, C_in, 1, 1]");
      return tensor.view({tensor.dim(0), tensor.dim(1)});
    case LdmStorage::transposed: return transposed(name, tensor);
    case LdmStorage::stacked: {
      if (tensor.rank() < 1 || tensor.dim(0) % 3 != 0) fail(name, tensor, "three parts of one size");
      const int64_t third = tensor.dim(0) / 3;
      return tensor.rows(row.part * third, (row.part + 1) * third);
    }
  }
  return tensor;
}

Tensor to_ldm(const std::string& name, const Tensor& tensor, const LdmName& row) {
  switch (row.storage) {
    case LdmStorage::convolution:
      return tensor.rank() == 2 ? tensor.view({tensor.dim(0), tensor.dim(1), 1, 1}) : tensor;
    case LdmStorage::transposed: return transposed(name, tensor);
    case LdmStorage::same:
    case LdmStorage::stacked: return tensor;
  }
  return tensor;
}

// Finds the rows for a tensor's name: those of the name itself, else of the longest module that holds it.
class NameIndex {
 public:
  NameIndex(const std::vector<LdmName>& names, std::string LdmName::*side) {
    for (const LdmName& row : names) rows_.emplace(row.*side, &row);
  }

  // found(row, rest of the name below the row's module)
  void find(const std::string& name, const std::function<void(const LdmName&, const std::string&)>& found) const {
    for (size_t end = name.size(); end != std::string::npos && end > 0; end = name.rfind('.', end - 1)) {
      const auto [first, last] = rows_.equal_range(name.substr(0, end));
      for (auto row = first; row != last; ++row) found(*row->second, name.substr(end));
      if (first != last) return;
    }
  }

 private:
  std::unordered_multimap<std::string, const LdmName*> rows_;
};

std::vector<LdmName> names_of(LdmFamily family, const json& config) {
  switch (family) {
    case LdmFamily::unet: return unet_ldm_names(config);
    case LdmFamily::vae: return vae_ldm_names(config);
    case LdmFamily::open_clip: return open_clip_names(config);
    case LdmFamily::hugging_face_clip: return hugging_face_clip_names();
  }
  return {};
}

LdmFamily family_in_new_files(const std::string& component, const json& config) {
  if (component == "unet") return LdmFamily::unet;
  if (component == "vae") return LdmFamily::vae;
  // OpenCLIP's models use the exact GELU, OpenAI's the quick one.
  return config.value("hidden_act", "quick_gelu") == "gelu" ? LdmFamily::open_clip : LdmFamily::hugging_face_clip;
}

}  // namespace

WeightMap ldm_to_diffusers(const WeightMap& ldm, const std::string& component, const json& config) {
  const std::optional<LdmPart> part = find_ldm_part(ldm, component);
  if (!part) throw Error(ErrorCode::NotFound, "[checkpoint] the file holds no " + component);
  std::vector<LdmName> names = names_of(part->family, config);
  if (part->family == LdmFamily::hugging_face_clip &&
      ldm.contains(part->prefix + "embeddings.position_embedding.weight"))
    names = old_hugging_face_clip_names();
  const NameIndex index(names, &LdmName::ldm);
  WeightMap diffusers;
  for (auto it = ldm.lower_bound(part->prefix); it != ldm.end() && it->first.starts_with(part->prefix); ++it) {
    const std::string& name = it->first;
    const Tensor& tensor = it->second;
    index.find(name.substr(part->prefix.size()), [&](const LdmName& row, const std::string& rest) {
      diffusers[row.diffusers + rest] = from_ldm(name, tensor, row);
    });
  }
  return diffusers;
}

WeightMap diffusers_to_ldm(const WeightMap& diffusers, const std::string& component, const json& config) {
  const LdmFamily family = family_in_new_files(component, config);
  const std::string prefix = ldm_prefix(component, family);
  const std::vector<LdmName> names = names_of(family, config);
  const NameIndex index(names, &LdmName::diffusers);
  WeightMap ldm;
  std::map<std::string, std::vector<Tensor>> stacks;
  for (const auto& entry : diffusers)
    index.find(entry.first, [&](const LdmName& row, const std::string& rest) {
      const auto& [name, tensor] = entry;
      if (row.storage == LdmStorage::stacked) {
        auto& parts = stacks[prefix + row.ldm];
        parts.resize(3);
        parts[static_cast<size_t>(row.part)] = tensor;
      } else {
        ldm[prefix + row.ldm + rest] = to_ldm(name, tensor, row);
      }
    });
  for (const auto& [name, parts] : stacks) ldm[name] = stacked(name, parts);
  return ldm;
}

WeightMap with_current_names(const WeightMap& diffusers) {
  constexpr const char* kAttention = "mid_block.attentions.0.";
  constexpr const char* kProjections[][2] = {
      {"query", "to_q"}, {"key", "to_k"}, {"value", "to_v"}, {"proj_attn", "to_out.0"}};
  std::vector<LdmName> names;
  for (const std::string half : {"encoder.", "decoder."})
    for (const auto& [old, current] : kProjections)
      names.push_back({half + kAttention + old, half + kAttention + current, LdmStorage::convolution});
  const NameIndex index(names, &LdmName::ldm);
  WeightMap renamed;
  for (const auto& entry : diffusers) {
    bool is_old = false;
    index.find(entry.first, [&](const LdmName& row, const std::string& rest) {
      renamed[row.diffusers + rest] = from_ldm(entry.first, entry.second, row);
      is_old = true;
    });
    if (!is_old) renamed[entry.first] = entry.second;
  }
  return renamed;
}

}  // namespace easel
