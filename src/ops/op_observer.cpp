#include "ops/op_observer.h"

#include <utility>

namespace easel {
namespace {

std::function<void(const OpRecord&)>& current() {
  static std::function<void(const OpRecord&)> observe;
  return observe;
}

}  // namespace

ScopedOpObserver::ScopedOpObserver(std::function<void(const OpRecord&)> observe) { current() = std::move(observe); }
ScopedOpObserver::~ScopedOpObserver() { current() = nullptr; }

const std::function<void(const OpRecord&)>& op_observer() { return current(); }

}  // namespace easel
