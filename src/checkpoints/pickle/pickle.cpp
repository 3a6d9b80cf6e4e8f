// Files of torch.save: since version 1.6 a zip archive <root>/data.pkl, <root>/data/<key>, …; before that a stream of
// five pickles (magic number, protocol, system, object, storage keys) followed by the storages.
// https://pytorch.org/docs/stable/notes/serialization.html
#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include "checkpoints/pickle/pickle_machine.h"
#include "checkpoints/pickle/zip_directory.h"
#include "checkpoints/stored_tensor.h"
#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/mapped_file.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

// 0x1950a86a20f9469cfc6c as pickle writes it, little-endian.
constexpr std::string_view kLegacyMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr int64_t kLegacyProtocol = 1001;
constexpr int kMaxDepth = 32;         // of nested dictionaries; checkpoints have 2 or 3
constexpr size_t kLongestName = 500;  // of a tensor; checkpoints stay below 200
constexpr size_t kMaxTensors = 100'000;
constexpr std::string_view kZipMagic = "PK";

class TorchFileReader {
 public:
  TorchFileReader(const std::shared_ptr<Storage>& file, const std::string& name)
      : file_(file), bytes_(storage_bytes(*file)), name_(name) {}

  TensorFile read() {
    bytes_.starts_with(kZipMagic) ? read_zip() : read_legacy();
    if (stored_.empty()) fail("holds no tensor");
    return {place_tensors(file_, stored_, name_), metadata_};
  }

 private:
  [[noreturn]] void fail(const std::string& what, ErrorCode code = ErrorCode::CorruptFile) const {
    throw Error(code, "[pickle] " + quoted_text(name_) + ": " + what);
  }

  void read_zip() {
    const auto entries = read_zip_directory(bytes_, name_);
    const std::string root = archive_root(entries);
    const auto byte_order = entries.find(root + "/byteorder");
    if (byte_order != entries.end() && byte_order->second != "little")
      fail("byte order " + quoted_text(byte_order->second) + "; only little is supported", ErrorCode::Unsupported);
    const PickleMachine machine(entries.at(root + "/data.pkl"), name_);
    for (const PickledStorage& storage : machine.storages()) {
      const auto entry = entries.find(root + "/data/" + std::string(storage.key));
      if (entry == entries.end()) fail("storage " + quoted_text(storage.key) + " is missing");
      add_storage(storage, entry->second);
    }
    collect(machine, machine.result(), "", 0);
  }

  std::string archive_root(const std::map<std::string, std::string_view>& entries) const {
    constexpr std::string_view kPickle = "/data.pkl";
    std::string root;
    for (const auto& [entry, content] : entries) {
      if (!entry.ends_with(kPickle) || entry.find('/') != entry.size() - kPickle.size()) continue;
      if (!root.empty()) fail("more than one data.pkl");
      root = entry.substr(0, entry.size() - kPickle.size());
    }
    if (root.empty()) fail("no data.pkl: this zip archive is no PyTorch file");
    // torch.save writes into one folder; anything else is an attempt at something.
    for (const auto& [entry, content] : entries)
      if (!entry.starts_with(root + "/") || entry.find("..") != std::string::npos)
        fail("entry " + quoted_text(entry) + " lies outside the archive's folder");
    return root;
  }

  void read_legacy() {
    size_t position = 0;
    const auto next = [&] {
      PickleMachine machine(bytes_.substr(position), name_);
      position += machine.length_bytes();
      return machine;
    };
    const PickleMachine magic = next();
    if (magic.result().kind != PickleKind::long_integer || magic.result().text != kLegacyMagic)
      fail("no PyTorch file: the magic number is missing");
    const PickleMachine protocol = next();
    if (protocol.result().kind != PickleKind::integer || protocol.result().integer != kLegacyProtocol)
      fail("unknown protocol of the PyTorch stream", ErrorCode::Unsupported);
    check_system(next());
    const PickleMachine object = next();
    const PickleMachine keys = next();
    read_legacy_storages(object, keys, position);
    collect(object, object.result(), "", 0);
  }

  void check_system(const PickleMachine& system) const {
    if (system.result().kind != PickleKind::dict) fail("the description of the system is no dictionary");
    const auto& items = system.items(system.result());
    for (size_t i = 0; i + 1 < items.size(); i += 2)
      if (items[i].text == "little_endian" && items[i + 1].integer != 1)
        fail("written big-endian; only little-endian is supported", ErrorCode::Unsupported);
  }

  // Per key of the list, in its order: i64 number of elements, then the elements.
  void read_legacy_storages(const PickleMachine& object, const PickleMachine& keys, size_t position) {
    std::map<std::string_view, PickledStorage> declared;
    for (const PickledStorage& storage : object.storages()) declared.emplace(storage.key, storage);
    if (keys.result().kind != PickleKind::list) fail("the storage keys are no list");
    std::map<std::string_view, std::string_view> contents;
    for (const PickleValue& key : keys.items(keys.result())) {
      const auto found = declared.find(key.text);
      if (found == declared.end()) fail("storage " + quoted_text(key.text) + " belongs to no tensor");
      int64_t numel = 0;
      if (bytes_.size() - position < sizeof numel) fail("truncated");
      std::memcpy(&numel, bytes_.data() + position, sizeof numel);
      position += sizeof numel;
      const size_t element = dtype_size_bytes(found->second.dtype);
      if (numel != found->second.numel || static_cast<uint64_t>(numel) > (bytes_.size() - position) / element)
        fail("storage " + quoted_text(key.text) + " is truncated or has another size than its tensors say");
      contents[key.text] = bytes_.substr(position, static_cast<size_t>(numel) * element);
      position += static_cast<size_t>(numel) * element;
    }
    for (const PickledStorage& storage : object.storages()) {
      if (!contents.contains(storage.key)) fail("storage " + quoted_text(storage.key) + " is missing");
      add_storage(storage, contents[storage.key]);
    }
  }

  void add_storage(const PickledStorage& storage, std::string_view content) {
    const size_t element = dtype_size_bytes(storage.dtype);
    if (content.size() % element != 0 || content.size() / element != static_cast<uint64_t>(storage.numel))
      fail("storage " + quoted_text(storage.key) + " of " + std::to_string(storage.numel) + " elements has " +
           std::to_string(content.size()) + " bytes");
    contents_[storage.key] = content;
  }

  // Tensors of nested dictionaries. Each dictionary is entered once, so neither cycles nor shared ones multiply work.
  void collect(const PickleMachine& machine, const PickleValue& value, const std::string& path, int depth) {
    if (value.kind == PickleKind::tensor) {
      if (stored_.size() == kMaxTensors) fail("more than " + std::to_string(kMaxTensors) + " tensors");
      stored_.push_back(stored_tensor(path.empty() ? "tensor" : path, machine.tensor(value)));
    }
    if (value.kind != PickleKind::dict || !entered_.insert(value.index).second) return;
    if (depth == kMaxDepth) fail("dictionaries nested deeper than " + std::to_string(kMaxDepth));
    const std::string prefix = path.empty() ? "" : path + ".";
    // A key that is set twice has its last value.
    std::map<std::string, PickleValue> entries;
    const auto& items = machine.items(value);
    for (size_t i = 0; i + 1 < items.size(); i += 2)
      if (const std::string key = key_name(items[i], kLongestName - prefix.size()); !key.empty())
        entries[key] = items[i + 1];
    for (const auto& [key, item] : entries) {
      collect(machine, item, prefix + key, depth + 1);
      if (depth == 0 && item.kind == PickleKind::integer) metadata_[key] = std::to_string(item.integer);
      if (depth == 0 && item.kind == PickleKind::text && is_utf8(item.text)) metadata_[key] = item.text;
    }
  }

  // "" for keys that are no name: classes, tuples.
  std::string key_name(const PickleValue& key, size_t longest) const {
    if (key.kind != PickleKind::text && key.kind != PickleKind::integer) return "";
    const std::string name = key.kind == PickleKind::text ? std::string(key.text) : std::to_string(key.integer);
    if (name.size() >= longest || !is_utf8(name) || name.find('\0') != name.npos)
      fail("key " + quoted_text(name) + " is no name");
    return name;
  }

  StoredTensor stored_tensor(const std::string& name, const PickledTensor& tensor) const {
    const auto fail_at = [&](const std::string& what, ErrorCode code = ErrorCode::CorruptFile) {
      fail("tensor " + quoted_text(name) + ": " + what, code);
    };
    if (tensor.sizes.size() != tensor.strides.size()) fail_at("as many strides as sizes are needed");
    if (tensor.sizes.size() > static_cast<size_t>(Shape::kMaxRank))
      fail_at("more than 6 dimensions", ErrorCode::Unsupported);
    int64_t numel = 0;
    if (!checked_numel(tensor.sizes, numel)) fail_at("its sizes are negative or too large to count");
    const std::string_view content = contents_.at(tensor.storage.key);
    const size_t element = dtype_size_bytes(tensor.dtype);
    const auto available = static_cast<int64_t>(content.size() / element);
    int64_t last = tensor.offset;
    bool inside = tensor.offset >= 0 && numel <= available;
    for (size_t i = 0; i < tensor.sizes.size() && numel > 0; ++i) {
      int64_t extent = 0;
      inside = inside && tensor.strides[i] >= 0 &&
               !__builtin_mul_overflow(tensor.sizes[i] - 1, tensor.strides[i], &extent) &&
               !__builtin_add_overflow(last, extent, &last);
    }
    if (!inside || (numel > 0 && last >= available))
      fail_at("reaches outside of its storage of " + std::to_string(available) + " elements");
    const size_t begin = static_cast<size_t>(content.data() - bytes_.data());
    const size_t first = numel > 0 ? static_cast<size_t>(tensor.offset) * element : 0;
    return {name, tensor.dtype, Shape(tensor.sizes.data(), static_cast<int>(tensor.sizes.size())), begin + first,
            tensor.strides};
  }

  const std::shared_ptr<Storage>& file_;
  std::string_view bytes_;
  const std::string& name_;
  std::map<std::string_view, std::string_view> contents_;  // of each storage, by key
  std::set<uint32_t> entered_;                             // dictionaries
  std::vector<StoredTensor> stored_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace

TensorFile parse_pickle(const std::shared_ptr<Storage>& file, const std::string& name) {
  return TorchFileReader(file, name).read();
}

TensorFile read_pickle(const std::filesystem::path& path) {
  return parse_pickle(MappedFile::open(path), path.string());
}

}  // namespace easel
