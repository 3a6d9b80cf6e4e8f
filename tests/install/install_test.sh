#!/usr/bin/env bash
# install_test.sh BUILD_DIR — installs into a temporary prefix, moves that prefix, and builds and runs a program against it,
# once through find_package and once through pkg-config.
set -euo pipefail

build=$1
here=$(cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "install_test: $*" >&2
  exit 1
}

run_consumer() { # PROGRAM
  local output
  output=$("$1") || fail "$1 exits with $?"
  [[ $output == "6 NotFound [consumer] nothing to see" ]] || fail "$1 prints: $output"
}

cmake --install "$build" --prefix "$work/first" >"$work/install.log" || fail "$(tail -n 5 "$work/install.log")"
prefix=$work/moved
mv "$work/first" "$prefix"

libraries=$(dirname "$(find "$prefix" -name libeasel.a)")
if [[ -e $build/bin/libeasel_torch.so && ! -e $libraries/easel/libeasel_torch.so ]]; then
  fail "the torch plug-in is not installed"
fi
if [[ -e $build/bin/easel ]]; then "$prefix/bin/easel" --version >/dev/null || fail "the installed easel does not run"; fi

cmake -S "$here/consumer" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log" 2>&1 &&
  cmake --build "$work/cmake" >>"$work/cmake.log" 2>&1 || fail "with find_package: $(tail -n 20 "$work/cmake.log")"
run_consumer "$work/cmake/consumer"

export PKG_CONFIG_PATH=$libraries/pkgconfig
read -ra flags < <(pkg-config --cflags --libs easel)
"${CXX:-c++}" -std=c++20 "$here/consumer/consumer.cpp" -o "$work/consumer" "${flags[@]}" || fail "with pkg-config: ${flags[*]}"
run_consumer "$work/consumer"
echo "installed, moved, found by find_package and by pkg-config"
