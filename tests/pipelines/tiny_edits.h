// tiny_edits.h — edits of small pictures by a model of random weights.
#pragma once

#include <string>

#include "easel/pipeline.h"

namespace easel::test {

Pipeline& tiny_pipeline();

// Colours that differ from pixel to pixel; with an alpha of 255 where there are four channels.
Picture gradient(int width, int height, int channels = 3);

// Four steps of a task, seed 3, "a cat".
GenerationParameters edit(const char* task, Picture image);

// Its first picture.
Picture made(const GenerationParameters& parameters);

// What an InvalidArgument says; "no error" where there is none.
std::string error_of(const GenerationParameters& parameters);

}  // namespace easel::test
