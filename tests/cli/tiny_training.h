// tiny_training.h — an autoencoder small enough to be trained for hundreds of steps in a second.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "temporary_folder.h"

namespace easel {

// Four pictures of 16x16 in data/, and train.json: batches of 2, a checkpoint after every step.
void write_tiny_training(const test::TemporaryFolder& folder);
// The command line that trains in that folder.
std::vector<std::string> tiny_training_arguments(const std::string& output_dir, int64_t steps);

}  // namespace easel
