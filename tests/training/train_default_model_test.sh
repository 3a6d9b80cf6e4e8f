#!/usr/bin/env bash
# train_default_model_test.sh EASEL — scripts/train_default_model on networks of a few weights: all stages in seconds, a second
# call that does nothing again, a stage that was stopped and goes on, and what is refused.
set -euo pipefail

export EASEL=$1
here=$(cd -- "$(dirname -- "$0")" && pwd)
script=$here/../../scripts/train_default_model
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() {
  echo "train_default_model_test: $*" >&2
  exit 1
}
train() { "$script" --minutes 0.02 --configs "$here/default_model" --output run >log 2>&1; }

train || fail "$(tail -n 5 log)"
for file in model/model_index.json model/unet/config.json model/scorer/config.json evaluation/report.html; do
  [[ -f run/$file ]] || fail "run/$file is missing"
done
"$EASEL" generate "a cat" --model run/model --width 16 --height 16 --steps 2 -o cat.png 2>/dev/null || fail "the model draws nothing"

before=$(sha256sum run/model/unet/*.safetensors)
train || fail "the second call: $(tail -n 5 log)"
[[ $(sha256sum run/model/unet/*.safetensors) == "$before" ]] || fail "the second call trained again"

rm -r run/scenes/done run/model
train || fail "going on: $(tail -n 5 log)"
[[ -f run/model/model_index.json ]] || fail "the stage that went on left no model"

! "$script" --minutes soon 2>log || fail "--minutes soon is taken"
grep -q 'must be a number' log || fail "$(<log)"
! "$script" --hours 3 2>log || fail "--hours is taken"
! "$script" --configs "$work" 2>log || fail "an empty folder is taken"
grep -q 'tokenizer.json is missing' log || fail "$(<log)"
echo "trained, repeated, resumed"
