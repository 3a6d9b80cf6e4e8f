// The globals that a checkpoint may name, and what calling them makes. This list is the whole of what PickleMachine
// can do; it follows torch.load(weights_only=True), plus what Stable Diffusion's own checkpoints name.
#include <algorithm>
#include <iterator>

#include "checkpoints/pickle/pickle_machine.h"
#include "files/quoted_text.h"

namespace easel {
namespace {

enum class Role {
  storage_type,  // names an element type in a persistent id
  element_type,  // torch.float16 and the like
  dict,          // called with nothing, with a dictionary, or with a list of pairs
  list,          // called with nothing or with one list or tuple
  tensor,        // (storage, offset, sizes, strides, …)
  typed_tensor,  // the same with the element type as seventh
  parameter,     // (tensor, …)
  encoded_text,  // (text, encoding)
  opaque,        // kept as an object without content
};

struct Global {
  const char* module;
  const char* name;
  Role role;
  DType dtype = DType::f32;  // of storage_type and element_type
};

constexpr Global kGlobals[] = {
    {"torch", "FloatStorage", Role::storage_type, DType::f32},
    {"torch", "HalfStorage", Role::storage_type, DType::f16},
    {"torch", "BFloat16Storage", Role::storage_type, DType::bf16},
    {"torch", "DoubleStorage", Role::storage_type, DType::f64},
    {"torch", "LongStorage", Role::storage_type, DType::i64},
    {"torch", "IntStorage", Role::storage_type, DType::i32},
    {"torch", "ShortStorage", Role::storage_type, DType::i16},
    {"torch", "CharStorage", Role::storage_type, DType::i8},
    {"torch", "ByteStorage", Role::storage_type, DType::u8},
    {"torch", "BoolStorage", Role::storage_type, DType::boolean},
    {"torch.storage", "UntypedStorage", Role::storage_type, DType::u8},
    {"torch", "float32", Role::element_type, DType::f32},
    {"torch", "float16", Role::element_type, DType::f16},
    {"torch", "bfloat16", Role::element_type, DType::bf16},
    {"torch", "float64", Role::element_type, DType::f64},
    {"torch", "int64", Role::element_type, DType::i64},
    {"torch", "int32", Role::element_type, DType::i32},
    {"torch", "int16", Role::element_type, DType::i16},
    {"torch", "int8", Role::element_type, DType::i8},
    {"torch", "uint8", Role::element_type, DType::u8},
    {"torch", "uint16", Role::element_type, DType::u16},
    {"torch", "uint32", Role::element_type, DType::u32},
    {"torch", "uint64", Role::element_type, DType::u64},
    {"torch", "bool", Role::element_type, DType::boolean},
    {"torch", "float8_e4m3fn", Role::element_type, DType::f8_e4m3},
    {"torch", "float8_e5m2", Role::element_type, DType::f8_e5m2},
    {"torch._utils", "_rebuild_tensor", Role::tensor},
    {"torch._utils", "_rebuild_tensor_v2", Role::tensor},
    {"torch._utils", "_rebuild_tensor_v3", Role::typed_tensor},
    {"torch._utils", "_rebuild_parameter", Role::parameter},
    {"torch._utils", "_rebuild_parameter_with_state", Role::parameter},
    {"torch.nn.parameter", "Parameter", Role::parameter},
    {"torch.nn.modules.container", "ParameterDict", Role::dict},
    {"torch", "Size", Role::list},
    {"torch", "device", Role::opaque},
    {"collections", "OrderedDict", Role::dict},
    {"collections", "Counter", Role::dict},
    {"__builtin__", "set", Role::list},
    {"builtins", "set", Role::list},
    {"__builtin__", "bytearray", Role::opaque},
    {"builtins", "bytearray", Role::opaque},
    {"_codecs", "encode", Role::encoded_text},
    {"numpy", "dtype", Role::opaque},
    {"numpy", "ndarray", Role::opaque},
    {"numpy.core.multiarray", "scalar", Role::opaque},
    {"numpy.core.multiarray", "_reconstruct", Role::opaque},
    {"numpy._core.multiarray", "scalar", Role::opaque},
    {"numpy._core.multiarray", "_reconstruct", Role::opaque},
    // A key of the callbacks' dictionary in checkpoints of SD 1.x.
    {"pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint", Role::opaque},
};

bool is_key(std::string_view text) {  // of a storage: a number, so never a path
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void PickleMachine::push_global(std::string_view module, std::string_view name) {
  const auto* const found = std::ranges::find_if(
      kGlobals, [&](const Global& global) { return module == global.module && name == global.name; });
  if (found == std::end(kGlobals))
    fail("names " + quoted_text(std::string(module) + "." + std::string(name)) +
             ", which is not on the list of what a checkpoint may hold; nothing was executed",
         ErrorCode::Unsupported);
  push({PickleKind::global, static_cast<uint32_t>(found - kGlobals), 0, {}});
}

void PickleMachine::call_global(const PickleValue& callable, const std::vector<PickleValue>& arguments) {
  const Global& global = kGlobals[callable.index];
  const auto first_is = [&](PickleKind kind) { return !arguments.empty() && arguments[0].kind == kind; };
  switch (global.role) {
    case Role::dict: return call_dict(arguments);
    case Role::tensor: return push_tensor(tensor_arguments(arguments));
    case Role::typed_tensor: return push_tensor(typed_tensor_arguments(arguments));
    case Role::opaque: return push({PickleKind::object, 0, 0, {}});
    case Role::list:
      if (arguments.empty()) return push_container(PickleKind::list, {});
      if (first_is(PickleKind::list) || first_is(PickleKind::tuple)) return push(arguments[0]);
      break;
    case Role::parameter:
      if (first_is(PickleKind::tensor)) return push(arguments[0]);
      break;
    case Role::encoded_text:
      if (first_is(PickleKind::text)) return push({PickleKind::bytes, 0, 0, arguments[0].text});
      break;
    case Role::storage_type:
    case Role::element_type: break;
  }
  fail(std::string(global.module) + "." + global.name + " is called with other arguments than torch.save writes");
}

void PickleMachine::call_dict(const std::vector<PickleValue>& arguments) {
  if (arguments.empty()) return push_container(PickleKind::dict, {});
  if (arguments.size() != 1) fail("a dictionary of several arguments");
  if (arguments[0].kind == PickleKind::dict) return push(arguments[0]);
  if (arguments[0].kind != PickleKind::list) fail("a dictionary of what is no list of pairs");
  std::vector<PickleValue> entries;
  for (const PickleValue& pair : items(arguments[0])) {
    if ((pair.kind != PickleKind::list && pair.kind != PickleKind::tuple) || items(pair).size() != 2)
      fail("a dictionary of what is no list of pairs");
    entries.insert(entries.end(), items(pair).begin(), items(pair).end());
  }
  count_values(entries.size());
  push_container(PickleKind::dict, std::move(entries));
}

// ("storage", type, key, location, numel), or with a sixth that describes a view and that torch has not written since
// version 0.4.
PickledStorage PickleMachine::storage_arguments(const PickleValue& id) const {
  if (id.kind != PickleKind::tuple) fail("a storage's id is no tuple");
  const std::vector<PickleValue>& parts = items(id);
  if (parts.size() < 5 || parts[0].kind != PickleKind::text || parts[0].text != "storage" ||
      parts[1].kind != PickleKind::global || kGlobals[parts[1].index].role != Role::storage_type)
    fail("a storage's id is not as torch.save writes it");
  if (parts.size() > 5 && parts[5].kind != PickleKind::none) fail("a view of a storage", ErrorCode::Unsupported);
  if (parts[2].kind != PickleKind::text || !is_key(parts[2].text))
    fail("storage key " + quoted_text(parts[2].text) + " is no number");
  if (parts[4].kind != PickleKind::integer || parts[4].integer < 0) fail("a storage's size is no count");
  return {parts[2].text, kGlobals[parts[1].index].dtype, parts[4].integer};
}

PickledTensor PickleMachine::tensor_arguments(const std::vector<PickleValue>& arguments) const {
  if (arguments.size() < 4 || arguments[0].kind != PickleKind::storage || arguments[1].kind != PickleKind::integer ||
      arguments[2].kind != PickleKind::tuple || arguments[3].kind != PickleKind::tuple)
    fail("a tensor is not (storage, offset, sizes, strides)");
  const auto integers = [&](const PickleValue& tuple) {
    std::vector<int64_t> values;
    for (const PickleValue& value : items(tuple)) {
      if (value.kind != PickleKind::integer) fail("a tensor's size or stride is no 64-bit integer");
      values.push_back(value.integer);
    }
    return values;
  };
  const PickledStorage& storage = storages_[arguments[0].index];
  return {storage, storage.dtype, arguments[1].integer, integers(arguments[2]), integers(arguments[3])};
}

// (storage of bytes, offset, sizes, strides, requires_grad, hooks, element type, …); offset and strides in elements.
PickledTensor PickleMachine::typed_tensor_arguments(const std::vector<PickleValue>& arguments) const {
  PickledTensor tensor = tensor_arguments(arguments);
  if (arguments.size() < 7 || arguments[6].kind != PickleKind::global ||
      kGlobals[arguments[6].index].role != Role::element_type || tensor.storage.dtype != DType::u8)
    fail("a typed tensor is not bytes with an element type");
  tensor.dtype = kGlobals[arguments[6].index].dtype;
  return tensor;
}

void PickleMachine::push_tensor(const PickledTensor& tensor) {
  count_values(tensor.sizes.size() + tensor.strides.size());
  push({PickleKind::tensor, static_cast<uint32_t>(tensors_.size()), 0, {}});
  tensors_.push_back(tensor);
}

}  // namespace easel
