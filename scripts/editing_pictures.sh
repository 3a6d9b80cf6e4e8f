#!/usr/bin/env bash
# editing_pictures.sh [FOLDER] — the pictures of docs/editing.md, before and after, made with the default model. FOLDER:
# docs/pictures/editing. EASEL: the program to take; default: easel beside this folder.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
easel=$(realpath -- "${EASEL:-$root/easel}")
folder=$(realpath -m -- "${1:-$root/docs/pictures/editing}")
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

run() { "$easel" "$@" >/dev/null 2>&1; }
pair() { # NAME PICTURE…: side by side
  run picture sheet "${@:2}" --columns $(($# - 1)) -o "$folder/$1.jpg"
}

run generate "a red cat on the beach" -s 1 -o cat.png
run transform cat.png -p "a black cat in the snow" --strength 0.8 -s 3 -o snow.png
pair transform cat.png snow.png

run inpaint cat.png --mask-box 24,24,80,80 -p "a blue dog on the beach" -s 2 -o dog.png
pair inpaint cat.png dog.png

run inpaint cat.png --mask-box 24,24,90,92 -s 1 -o empty.png
pair remove cat.png empty.png

run outpaint cat.png --right 64 --left 64 -p "a red cat on the beach" -s 4 -o wide.png
pair outpaint cat.png wide.png

run inpaint cat.png --mask-box 24,24,80,80 -p "a dog on the beach" --samples 8 --uncertainty spread.png -s 2 -o sample.png
pair uncertainty sample-1.png sample-2.png sample-3.png spread.png

run generate "a yellow flower on a white background" --tile both -s 6 -o tile.png
pair tile tile.png tile.png tile.png

run generate "a red cat on the beach" --variation-strength 0.4 --variation-seed 1 -s 1 -n 3 -o varied.png
pair vary cat.png varied-1.png varied-2.png varied-3.png

run vary cat.png -p "a red cat on the beach" --amount 0.2 -n 3 -s 1 -o like.png
pair like cat.png like-1.png like-2.png like-3.png

run morph "a red cat on the beach" "a blue fish in the sea" --frames 8 -s 3 --files -o morph.png
pair morph morph-{1,2,3,4,5,6,7,8}.png

run upscale cat.png --scale 2 -o large.png
pair upscale cat.png large.png

cp "$root"/docs/pictures/editing/{noisy,scratched}.png .
run denoise noisy.png -s 1 -o denoised.png
pair denoise noisy.png denoised.png
run restore scratched.png -s 1 -o restored.png
pair restore scratched.png restored.png

run generate "a red cat on the beach" -s 1 --grid steps=4,12,25 --grid cfg_scale=1,4,8 -o "$folder/grid.jpg"
rm -f "$folder"/grid-*.jpg
