#include "tensor/available_memory.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "tensor/arena.h"

namespace easel {
namespace {

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

// "MemAvailable:   123 kB" of /proc/meminfo.
int64_t system_available_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  int64_t kib = 0;
  while (file >> key >> kib) {
    if (key == "MemAvailable:") return kib * 1024;
    std::getline(file, unit);
  }
  return kUnlimited;
}

// A number, or "max", or no such file: no limit.
int64_t number_in(const std::string& path) {
  std::ifstream file(path);
  int64_t number = 0;
  return file >> number ? number : kUnlimited;
}

// The tightest of the process's group and the groups around it.
int64_t group_available_bytes() {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  std::getline(file, line);
  if (!line.starts_with("0::")) return kUnlimited;
  int64_t available = kUnlimited;
  for (std::string group = line.substr(3);; group.resize(group.rfind('/'))) {
    const std::string folder = "/sys/fs/cgroup" + group;
    const int64_t limit = number_in(folder + "/memory.max");
    const int64_t used = number_in(folder + "/memory.current");
    if (limit != kUnlimited && used != kUnlimited) available = std::min(available, std::max<int64_t>(0, limit - used));
    if (group.find('/') == std::string::npos) return available;
  }
}

}  // namespace

int64_t available_memory_bytes() {
  const int64_t available = std::min(system_available_bytes(), group_available_bytes());
  const ArenaStatistics arena = arena_statistics();
  const auto unused = static_cast<int64_t>(arena.reserved_bytes - arena.in_use_bytes);
  return available > kUnlimited - unused ? kUnlimited : available + unused;
}

}  // namespace easel
