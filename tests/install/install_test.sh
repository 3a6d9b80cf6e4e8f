#!/usr/bin/env bash
# install_test.sh BUILD_DIR — installs into a temporary prefix, moves that prefix, and builds a program against it that
# makes a picture, once through find_package and once through pkg-config.
set -euo pipefail

build=$1
here=$(cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
model=$work/model
trap 'rm -rf "$work"' EXIT

fail() {
  echo "install_test: $*" >&2
  exit 1
}

run_consumer() { # PROGRAM
  local output
  output=$("$1" "$model" "$1.png") || fail "$1 exits with $?"
  [[ $output == "32x32 seed 5" ]] || fail "$1 prints: $output"
  [[ $(head -c 4 "$1.png" | tail -c 3) == PNG ]] || fail "$1 writes no picture"
}

cmake --install "$build" --prefix "$work/first" >"$work/install.log" || fail "$(tail -n 5 "$work/install.log")"
prefix=$work/moved
mv "$work/first" "$prefix"

libraries=$(dirname "$(find "$prefix" -name libeasel.a)")
for plugin in torch video; do
  if [[ -e $build/bin/libeasel_$plugin.so && ! -e $libraries/easel/libeasel_$plugin.so ]]; then
    fail "the $plugin plug-in is not installed"
  fi
done
if [[ -e $build/share/easel/clip/vocab.json && ! -e $prefix/share/easel/clip/vocab.json ]]; then
  fail "CLIP's vocabulary is not installed"
fi
default_model=share/easel/models/storybook
if [[ -e $here/../../models/storybook/model_index.json && ! -e $prefix/$default_model/model_index.json ]]; then
  fail "the default model is not installed"
fi
for page in bash-completion/completions/easel zsh/site-functions/_easel fish/vendor_completions.d/easel.fish man/man1/easel.1; do
  grep -q -- euler_ancestral "$prefix/share/$page" || fail "share/$page is not installed or has no samplers"
done
"$prefix/bin/easel" model random "$model" || fail "the installed easel does not run"

{ cmake -S "$here/consumer" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" && cmake --build "$work/cmake"; } \
  >"$work/cmake.log" 2>&1 || fail "with find_package: $(tail -n 20 "$work/cmake.log")"
run_consumer "$work/cmake/consumer"

export PKG_CONFIG_PATH=$libraries/pkgconfig
read -ra flags < <(pkg-config --cflags --libs easel)
"${CXX:-c++}" -std=c++20 "$here/consumer/consumer.cpp" -o "$work/consumer" "${flags[@]}" || fail "with pkg-config: ${flags[*]}"
run_consumer "$work/consumer"
cmp "$work/cmake/consumer.png" "$work/consumer.png" || fail "the two programs make different pictures"
echo "installed, moved, found by find_package and by pkg-config"
