#include "tensor/device.h"

#include <charconv>
#include <string_view>

#include "easel/error.h"

namespace easel {
namespace {

constexpr std::string_view kTorch = "torch:", kCuda = "cuda";

// The index behind "cuda"; -1 where the text is none.
int gpu_index(std::string_view text) {
  if (text.empty()) return 0;
  int index = -1;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, index);
  return text[0] == ':' && error == std::errc() && stop == end ? index : -1;
}

}  // namespace

Device parse_device(const std::string& name) {
  if (name == "cpu") return {};
  std::string_view rest = name;
  if (rest.starts_with(kTorch)) rest.remove_prefix(kTorch.size());
  if (rest == "cpu") return {.kind = DeviceKind::torch_cpu};
  const int index = rest.starts_with(kCuda) ? gpu_index(rest.substr(kCuda.size())) : -1;
  if (index < 0)
    throw Error(ErrorCode::InvalidArgument,
                "[device] unknown device '" + name + "'; known are: cpu, cuda, cuda:N, torch:cpu");
  return {.kind = DeviceKind::torch_cuda, .index = index};
}

std::string device_name(const Device& device) {
  switch (device.kind) {
    case DeviceKind::cpu: return "cpu";
    case DeviceKind::torch_cpu: return "torch:cpu";
    case DeviceKind::shapes: return "shapes";
    case DeviceKind::torch_cuda: return "cuda:" + std::to_string(device.index);
  }
  return "";
}

}  // namespace easel
