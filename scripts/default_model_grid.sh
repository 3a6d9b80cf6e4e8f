#!/usr/bin/env bash
# Draws the README's grid: 24 prompts with the default model, prompt i with seed i, none picked.
#   scripts/default_model_grid.sh docs/pictures/default-model.jpg [MODEL]
set -euo pipefail
root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/..
sheet=${1:?usage: scripts/default_model_grid.sh SHEET [MODEL]}
model=${2:-$root/models/storybook}

prompts=(
  "a red cat on the beach at sunset, watercolour"
  "a blue car in the park"
  "a yellow star in space"
  "three green apples on a white background"
  "a pink rabbit in the snow, pixel art"
  "a purple umbrella in a room"
  "a brown dog on the beach"
  "an orange fish in space"
  "two white boats on the beach at night"
  "a black castle in the snow, watercolour"
  "a green tree in the park at sunset"
  "a red flower on a white background"
  "a yellow lemon in a room"
  "a blue mushroom in the park, watercolour"
  "a pink house on the beach"
  "a red ball in space"
  "a white cat with a red hat in a room"
  "two yellow cars in the snow"
  "a purple castle in space, pixel art"
  "an orange dog in the park, flat illustration"
  "three pink flowers in the park"
  "a blue house in the snow at night"
  "a brown rabbit on a white background, watercolour"
  "a red boat on the beach, pixel art"
)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
files=()
for i in "${!prompts[@]}"; do
  files+=("$folder/$((i + 1)).png")
  "${EASEL:-$root/easel}" generate "${prompts[i]}" --model "$model" --seed $((i + 1)) --output "${files[i]}" >/dev/null 2>&1
done
"${EASEL:-$root/easel}" picture sheet "${files[@]}" --columns 6 --output "$sheet"
