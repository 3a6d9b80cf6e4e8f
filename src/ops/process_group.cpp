#include "ops/process_group.h"

#include <charconv>
#include <cstdlib>
#include <string>

#include "easel/error.h"
#include "ops/torch_plugin.h"

namespace easel {
namespace {

int number(const char* variable, int otherwise, int low, int high) {
  const char* const text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return otherwise;
  const std::string value = text;
  int parsed = 0;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (error != std::errc() || stop != value.data() + value.size() || parsed < low || parsed > high)
    throw Error(ErrorCode::InvalidArgument, std::string("[processes] ") + variable + " = " + value + "; must be " +
                                                std::to_string(low) + ".." + std::to_string(high));
  return parsed;
}

}  // namespace

ProcessGroup::~ProcessGroup() = default;

ProcessPlace process_place() {
  ProcessPlace place;
  place.size = number("WORLD_SIZE", 1, 1, 4096);
  place.rank = number("RANK", 0, 0, place.size - 1);
  place.local_rank = number("LOCAL_RANK", 0, 0, 4095);
  place.port = number("MASTER_PORT", place.port, 1, 65535);
  const char* const address = std::getenv("MASTER_ADDR");
  place.address = address == nullptr || *address == '\0' ? "127.0.0.1" : address;
  return place;
}

std::unique_ptr<ProcessGroup> join_process_group() {
  const ProcessPlace place = process_place();
  return place.size == 1 ? nullptr : torch_plugin().join_process_group(place);
}

}  // namespace easel
