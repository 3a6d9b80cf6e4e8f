// pickle_machine.h — a pickle stream as plain values. Nothing is executed: the machine knows a fixed list of globals
// (pickle_globals.cpp), all of which stand for data, and refuses every other one by name.
//
// The stream is hostile: values live in flat tables (no recursion, so no nesting can overflow the stack), their number
// is bounded, and text is a view of the stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "easel/error.h"
#include "tensor/dtype.h"

namespace easel {

enum class PickleKind : uint8_t {
  none,
  boolean,
  integer,
  long_integer,  // wider than 64 bits; `text` holds its little-endian bytes
  real,          // its value is not kept
  text,
  bytes,
  tuple,
  list,  // also sets
  dict,  // items alternate: key, value
  global,
  storage,
  tensor,
  object,  // of an allowed class without a meaning here
};

struct PickleValue {
  PickleKind kind = PickleKind::none;
  uint32_t index = 0;  // into the machine's containers, storages or tensors, or the table of globals
  int64_t integer = 0;
  std::string_view text;
};

struct PickledStorage {
  std::string_view key;
  DType dtype = DType::f32;
  int64_t numel = 0;
};

struct PickledTensor {
  PickledStorage storage;
  DType dtype = DType::f32;  // of the elements; that of the storage unless it is named apart
  int64_t offset = 0;        // in elements
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
};

class PickleMachine {
 public:
  // Runs the pickle at the start of `stream` to its STOP. `name` is the file's name for messages.
  // Throws CorruptFile; Unsupported for a global or a protocol that is not on the list.
  PickleMachine(std::string_view stream, const std::string& name);

  const PickleValue& result() const { return stack_.front(); }
  size_t length_bytes() const { return position_; }  // of the pickle, STOP included

  // What a value of kind tuple, list or dict holds.
  const std::vector<PickleValue>& items(const PickleValue& container) const { return containers_[container.index]; }
  const std::vector<PickledStorage>& storages() const { return storages_; }
  const PickledTensor& tensor(const PickleValue& value) const { return tensors_[value.index]; }

 private:
  struct Opcode {
    uint8_t code;
    void (*run)(PickleMachine&);
  };
  static const Opcode kOpcodes[];

  void run();
  [[noreturn]] void fail(const std::string& what, ErrorCode code = ErrorCode::CorruptFile) const;

  // The stream.
  std::string_view take(uint64_t length);
  std::string_view take_line();
  template <typename T>
  T take_number();

  // The stack.
  void count_values(size_t count);
  void push(const PickleValue& value);
  void push_integer(int64_t value) { push({PickleKind::integer, 0, value, {}}); }
  void push_text(PickleKind kind, uint64_t length) { push({kind, 0, 0, take(length)}); }
  void push_container(PickleKind kind, std::vector<PickleValue> items);
  void push_tuple(size_t length);  // of the topmost values
  PickleValue pop();
  PickleValue& top();
  std::vector<PickleValue> pop_to_mark();
  std::vector<PickleValue>& container_on_top(PickleKind kind, const char* what);
  void append(const std::vector<PickleValue>& items);
  void set_items(const std::vector<PickleValue>& keys_and_values);
  void remember(uint32_t index);
  void recall(uint32_t index);

  // Opcodes of more than a line.
  void check_protocol();
  void check_frame();
  void push_named_global();
  void push_stack_global();
  void push_long();
  void push_storage();  // what a persistent id names
  void call();
  void build();

  // pickle_globals.cpp.
  void push_global(std::string_view module, std::string_view name);
  void call_global(const PickleValue& callable, const std::vector<PickleValue>& arguments);
  void call_dict(const std::vector<PickleValue>& arguments);
  void push_tensor(const PickledTensor& tensor);
  PickledTensor tensor_arguments(const std::vector<PickleValue>& arguments) const;
  PickledTensor typed_tensor_arguments(const std::vector<PickleValue>& arguments) const;
  PickledStorage storage_arguments(const PickleValue& id) const;

  std::string_view stream_;
  const std::string& name_;
  size_t position_ = 0;
  bool stopped_ = false;
  size_t value_count_ = 0;
  std::vector<PickleValue> stack_;
  std::vector<size_t> marks_;  // stack sizes at each open mark
  std::unordered_map<uint32_t, PickleValue> memo_;
  std::vector<std::vector<PickleValue>> containers_;
  std::vector<PickledStorage> storages_;
  std::vector<PickledTensor> tensors_;
};

}  // namespace easel
