#include "files/unfinished_output.h"

#include <atomic>

namespace easel {
namespace {

std::atomic<int> living{0};

}  // namespace

UnfinishedOutput::UnfinishedOutput() { ++living; }
UnfinishedOutput::~UnfinishedOutput() { --living; }
bool UnfinishedOutput::exists() { return living > 0; }

}  // namespace easel
