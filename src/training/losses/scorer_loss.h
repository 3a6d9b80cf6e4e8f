// scorer_loss.h — what the scenes of drawings teach the scorer.
#pragma once

#include <span>

#include "evaluation/scorer_model.h"
#include "storybook/scene.h"
#include "training/training_task.h"

namespace easel {

// output: of the pictures that show `scenes`, in order. `draw` chooses among equally true questions: in which order the
// two kinds of a relation are asked for, and which absent kind is asked for its colour in a picture of one subject
// (whose colour is the answer: "the colour of what comes nearest to a dog"; so a misshapen subject still has a colour).
StepLoss scorer_loss(const ScorerModel& model, const ScorerOutput& output, std::span<const storybook::Scene> scenes,
                     uint64_t draw);

// "a left_of b" says the same as "b right_of a"; none where the reverse has no name.
storybook::Relation reversed(storybook::Relation relation);

// Whether the relation is one between two subjects that are named in it; `wearing` is read from the accessory.
bool relates_subjects(storybook::Relation relation);

}  // namespace easel
