#!/bin/sh
# Installs the system packages that midstance needs to run and to be tested, where they are missing.
# MediaPipe and OpenCV link against libEGL, libGLESv2, libGL and glib; the tests use Chromium and strace, and the
# rendered runners draw with Mesa.
set -eu

missing=""
need_library() { ldconfig -p 2>/dev/null | grep -q "$1" || missing="$missing $2"; }
need_program() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }

glib=libglib2.0-0
if command -v apt-cache >/dev/null 2>&1 && apt-cache show libglib2.0-0t64 >/dev/null 2>&1; then
  glib=libglib2.0-0t64
fi
need_library libEGL.so.1 libegl1
need_library libGLESv2.so.2 libgles2
need_library libGL.so.1 libgl1
need_library libEGL_mesa.so.0 libegl-mesa0
ls /usr/lib/*/dri/*swrast* >/dev/null 2>&1 || missing="$missing libgl1-mesa-dri"
need_library libglib-2.0.so.0 "$glib"
"${PYTHON:-python3}" -c "import ensurepip" 2>/dev/null || missing="$missing python3-venv"
need_program chromium chromium
need_program strace strace

[ -n "$missing" ] || exit 0
run=""
[ "$(id -u)" = 0 ] || run="sudo -n"
if ! command -v apt-get >/dev/null 2>&1 || { [ -n "$run" ] && ! $run true 2>/dev/null; }; then
  echo "midstance: these system packages are missing and cannot be installed from here:$missing" >&2
  echo "midstance: install them with your package manager, then run the command again" >&2
  exit 0
fi
echo "installing system packages:$missing"
$run apt-get update -qq
# shellcheck disable=SC2086  # a list of names is meant
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing >/dev/null
