// Opcodes and their operands: https://docs.python.org/3/library/pickletools.html, PEP 307 and PEP 3154.
#include "checkpoints/pickle/pickle_machine.h"

#include <array>
#include <cstring>

#include "files/quoted_text.h"

namespace easel {
namespace {

// A checkpoint of 2,500 tensors with averages and optimizer states makes some 200,000 values. At 40 bytes each this
// bounds the machine to 160 MB, whatever the stream says.
constexpr size_t kMaxValues = 4'000'000;
constexpr size_t kMaxMemo = 1'000'000;
constexpr size_t kMaxArguments = 16;  // of a call; torch's longest has 8
constexpr size_t kLongestLine = 256;  // of a global's module or name
constexpr int kOldestProtocol = 2;    // the first binary one that torch.save used
constexpr int kNewestProtocol = 5;

}  // namespace

// m.take_number<T>() reads an operand that follows the opcode in the stream.
const PickleMachine::Opcode PickleMachine::kOpcodes[] = {
    {0x80, [](PickleMachine& m) { m.check_protocol(); }},                               // PROTO
    {0x95, [](PickleMachine& m) { m.check_frame(); }},                                  // FRAME
    {'.', [](PickleMachine& m) { m.stopped_ = true; }},                                 // STOP
    {'(', [](PickleMachine& m) { m.count_values(1), m.marks_.push_back(m.stack_.size()); }},  // MARK
    {'N', [](PickleMachine& m) { m.push({}); }},                                        // NONE
    {0x88, [](PickleMachine& m) { m.push({PickleKind::boolean, 0, 1, {}}); }},          // NEWTRUE
    {0x89, [](PickleMachine& m) { m.push({PickleKind::boolean, 0, 0, {}}); }},          // NEWFALSE
    {'J', [](PickleMachine& m) { m.push_integer(m.take_number<int32_t>()); }},          // BININT
    {'K', [](PickleMachine& m) { m.push_integer(m.take_number<uint8_t>()); }},          // BININT1
    {'M', [](PickleMachine& m) { m.push_integer(m.take_number<uint16_t>()); }},         // BININT2
    {0x8a, [](PickleMachine& m) { m.push_long(); }},                                    // LONG1
    {'G', [](PickleMachine& m) { m.take(sizeof(double)), m.push({PickleKind::real, 0, 0, {}}); }},  // BINFLOAT
    {'X', [](PickleMachine& m) { m.push_text(PickleKind::text, m.take_number<uint32_t>()); }},      // BINUNICODE
    {0x8c, [](PickleMachine& m) { m.push_text(PickleKind::text, m.take_number<uint8_t>()); }},  // SHORT_BINUNICODE
    {'U', [](PickleMachine& m) { m.push_text(PickleKind::text, m.take_number<uint8_t>()); }},   // SHORT_BINSTRING
    {'B', [](PickleMachine& m) { m.push_text(PickleKind::bytes, m.take_number<uint32_t>()); }},  // BINBYTES
    {'C', [](PickleMachine& m) { m.push_text(PickleKind::bytes, m.take_number<uint8_t>()); }},   // SHORT_BINBYTES
    {0x8e, [](PickleMachine& m) { m.push_text(PickleKind::bytes, m.take_number<uint64_t>()); }},  // BINBYTES8
    {')', [](PickleMachine& m) { m.push_container(PickleKind::tuple, {}); }},           // EMPTY_TUPLE
    {0x85, [](PickleMachine& m) { m.push_tuple(1); }},                                  // TUPLE1
    {0x86, [](PickleMachine& m) { m.push_tuple(2); }},                                  // TUPLE2
    {0x87, [](PickleMachine& m) { m.push_tuple(3); }},                                  // TUPLE3
    {'t', [](PickleMachine& m) { m.push_container(PickleKind::tuple, m.pop_to_mark()); }},  // TUPLE
    {']', [](PickleMachine& m) { m.push_container(PickleKind::list, {}); }},            // EMPTY_LIST
    {0x8f, [](PickleMachine& m) { m.push_container(PickleKind::list, {}); }},           // EMPTY_SET
    {'}', [](PickleMachine& m) { m.push_container(PickleKind::dict, {}); }},            // EMPTY_DICT
    {'a', [](PickleMachine& m) { m.append({m.pop()}); }},                               // APPEND
    {'e', [](PickleMachine& m) { m.append(m.pop_to_mark()); }},                         // APPENDS
    {0x90, [](PickleMachine& m) { m.append(m.pop_to_mark()); }},                        // ADDITEMS
    {'s',
     [](PickleMachine& m) {
       const PickleValue value = m.pop();
       m.set_items({m.pop(), value});
     }},                                                                                // SETITEM
    {'u', [](PickleMachine& m) { m.set_items(m.pop_to_mark()); }},                      // SETITEMS
    {'q', [](PickleMachine& m) { m.remember(m.take_number<uint8_t>()); }},              // BINPUT
    {'r', [](PickleMachine& m) { m.remember(m.take_number<uint32_t>()); }},             // LONG_BINPUT
    {0x94, [](PickleMachine& m) { m.remember(static_cast<uint32_t>(m.memo_.size())); }},  // MEMOIZE
    {'h', [](PickleMachine& m) { m.recall(m.take_number<uint8_t>()); }},                // BINGET
    {'j', [](PickleMachine& m) { m.recall(m.take_number<uint32_t>()); }},               // LONG_BINGET
    {'c', [](PickleMachine& m) { m.push_named_global(); }},                             // GLOBAL
    {0x93, [](PickleMachine& m) { m.push_stack_global(); }},                            // STACK_GLOBAL
    {'R', [](PickleMachine& m) { m.call(); }},                                          // REDUCE
    {0x81, [](PickleMachine& m) { m.call(); }},                                         // NEWOBJ
    {'b', [](PickleMachine& m) { m.build(); }},                                         // BUILD
    {'Q', [](PickleMachine& m) { m.push_storage(); }},                                  // BINPERSID
};

PickleMachine::PickleMachine(std::string_view stream, const std::string& name) : stream_(stream), name_(name) {
  if (stream.empty() || static_cast<uint8_t>(stream[0]) != 0x80) fail("no pickle of protocol 2 to 5");
  run();
}

void PickleMachine::run() {
  using Handler = void (*)(PickleMachine&);
  static const std::array<Handler, 256> kHandlers = [] {
    std::array<Handler, 256> handlers{};
    for (const Opcode& opcode : kOpcodes) handlers[opcode.code] = opcode.run;
    return handlers;
  }();
  while (!stopped_) {
    const uint8_t code = take_number<uint8_t>();
    if (kHandlers[code] == nullptr) fail("opcode " + std::to_string(code) + " is not allowed");
    kHandlers[code](*this);
  }
  if (stack_.size() != 1 || !marks_.empty()) fail("the pickle ends with more or less than one value");
}

void PickleMachine::fail(const std::string& what, ErrorCode code) const {
  throw Error(code, "[pickle] " + quoted_text(name_) + ": byte " + std::to_string(position_) + ": " + what);
}

std::string_view PickleMachine::take(uint64_t length) {
  if (length > stream_.size() - position_) fail("the pickle is truncated");
  const std::string_view taken = stream_.substr(position_, length);
  position_ += length;
  return taken;
}

std::string_view PickleMachine::take_line() {
  const size_t length = stream_.substr(position_, kLongestLine).find('\n');
  if (length == std::string_view::npos) fail("a name does not end");
  const std::string_view line = take(length);
  take(1);
  return line;
}

template <typename T>
T PickleMachine::take_number() {
  T value{};
  std::memcpy(&value, take(sizeof value).data(), sizeof value);
  return value;
}

void PickleMachine::count_values(size_t count) {
  value_count_ += count;
  if (value_count_ > kMaxValues) fail("more than " + std::to_string(kMaxValues) + " values");
}

void PickleMachine::push(const PickleValue& value) {
  count_values(1);
  stack_.push_back(value);
}

void PickleMachine::push_container(PickleKind kind, std::vector<PickleValue> items) {
  push({kind, static_cast<uint32_t>(containers_.size()), 0, {}});
  containers_.push_back(std::move(items));
}

void PickleMachine::push_tuple(size_t length) {
  std::vector<PickleValue> items(length);
  for (size_t i = length; i-- > 0;) items[i] = pop();
  push_container(PickleKind::tuple, std::move(items));
}

PickleValue& PickleMachine::top() {
  const size_t bottom = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() <= bottom) fail("an operand is missing");
  return stack_.back();
}

PickleValue PickleMachine::pop() {
  const PickleValue value = top();
  stack_.pop_back();
  return value;
}

std::vector<PickleValue> PickleMachine::pop_to_mark() {
  if (marks_.empty()) fail("no mark");
  const auto first = stack_.begin() + static_cast<ptrdiff_t>(marks_.back());
  std::vector<PickleValue> items(first, stack_.end());
  stack_.erase(first, stack_.end());
  marks_.pop_back();
  return items;
}

std::vector<PickleValue>& PickleMachine::container_on_top(PickleKind kind, const char* what) {
  if (top().kind != kind) fail(what);
  return containers_[top().index];
}

void PickleMachine::append(const std::vector<PickleValue>& items) {
  auto& list = container_on_top(PickleKind::list, "items are added to what is no list");
  list.insert(list.end(), items.begin(), items.end());
}

void PickleMachine::set_items(const std::vector<PickleValue>& keys_and_values) {
  if (keys_and_values.size() % 2 != 0) fail("a key without a value");
  auto& dict = container_on_top(PickleKind::dict, "entries are set in what is no dictionary");
  dict.insert(dict.end(), keys_and_values.begin(), keys_and_values.end());
}

void PickleMachine::remember(uint32_t index) {
  memo_.insert_or_assign(index, top());
  if (memo_.size() > kMaxMemo) fail("more than " + std::to_string(kMaxMemo) + " remembered values");
}

void PickleMachine::recall(uint32_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end()) fail("no remembered value " + std::to_string(index));
  push(found->second);
}

void PickleMachine::check_protocol() {
  const int protocol = take_number<uint8_t>();
  if (protocol < kOldestProtocol || protocol > kNewestProtocol)
    fail("protocol " + std::to_string(protocol) + "; 2 to 5 are read", ErrorCode::Unsupported);
}

void PickleMachine::check_frame() {
  const uint64_t length = take_number<uint64_t>();
  if (length > stream_.size() - position_) fail("the pickle is truncated");
}

void PickleMachine::push_named_global() {
  const std::string_view module = take_line();
  push_global(module, take_line());
}

void PickleMachine::push_stack_global() {
  const PickleValue name = pop();
  const PickleValue module = pop();
  if (name.kind != PickleKind::text || module.kind != PickleKind::text) fail("a global's name is no text");
  push_global(module.text, name.text);
}

// Two's complement, little-endian, as short as possible; no bytes mean 0.
void PickleMachine::push_long() {
  const std::string_view digits = take(take_number<uint8_t>());
  if (digits.size() > sizeof(int64_t)) return push({PickleKind::long_integer, 0, 0, digits});
  const bool is_negative = !digits.empty() && (digits.back() & 0x80) != 0;
  int64_t value = is_negative ? -1 : 0;
  std::memcpy(&value, digits.data(), digits.size());
  push_integer(value);
}

void PickleMachine::push_storage() {
  const PickledStorage storage = storage_arguments(pop());
  push({PickleKind::storage, static_cast<uint32_t>(storages_.size()), 0, {}});
  storages_.push_back(storage);
}

void PickleMachine::call() {
  const PickleValue arguments = pop();
  const PickleValue callable = pop();
  if (arguments.kind != PickleKind::tuple) fail("a call's arguments are no tuple");
  if (callable.kind != PickleKind::global) fail("what is called is no global");
  if (items(arguments).size() > kMaxArguments) fail("a call with too many arguments");
  // A copy: the call may add containers and so move them.
  call_global(callable, std::vector<PickleValue>(items(arguments)));
}

// Attributes of an object. A dictionary's become entries (torch's ParameterDict keeps its content there); those of
// tensors and of objects without a meaning are dropped.
void PickleMachine::build() {
  const PickleValue state = pop();
  switch (top().kind) {
    case PickleKind::dict:
      if (state.kind != PickleKind::dict) fail("a dictionary's attributes are no dictionary");
      count_values(items(state).size());
      return set_items(std::vector<PickleValue>(items(state)));
    case PickleKind::tensor:
    case PickleKind::object: return;
    default: fail("attributes of what has none");
  }
}

}  // namespace easel
