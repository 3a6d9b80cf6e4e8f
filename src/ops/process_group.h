// process_group.h — several processes that train one model together, each on its share of every batch.
//
// The processes find each other through the environment that torchrun sets: MASTER_ADDR, MASTER_PORT, RANK, WORLD_SIZE
// (and LOCAL_RANK, which names the GPU). Over Gloo on the CPU, NCCL on GPUs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace easel {

class EASEL_API ProcessGroup {
 public:
  virtual ~ProcessGroup();
  virtual int rank() const = 0;
  virtual int size() const = 0;
  // Replaces each tensor of the torch backend by its mean over all processes, which call this with tensors of the same
  // shapes in the same order. Throws Unsupported where another process has gone.
  virtual void average(const std::vector<Tensor>& tensors) = 0;
};

// What the environment says. Throws InvalidArgument where its values make no sense.
struct ProcessPlace {
  int rank = 0;
  int size = 1;
  int local_rank = 0;
  std::string address;  // of rank 0
  int port = 29500;
};
EASEL_API ProcessPlace process_place();

// Joins the others and waits for them; null where WORLD_SIZE is not set or 1. REQUIRES: the torch backend is loaded.
// Throws Unsupported where this LibTorch has no c10d or the others do not come.
EASEL_API std::unique_ptr<ProcessGroup> join_process_group();

}  // namespace easel
