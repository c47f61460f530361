#!/usr/bin/env bash
# Installs a real InvokeAI for tests on a machine without a GPU, with tiny random models, and starts it when asked.
#
#   setup.sh DIR            install (venv, server, tiny models); starts nothing; does nothing twice
#   setup.sh DIR start      install if needed, start on 127.0.0.1:$PORT, register the models, print the URL
#   setup.sh DIR stop       end the server this script started
#
# `npm run test:invokeai` calls it. PORT=9090   PYTHON=python3.11 (3.11 or 3.12)   EXTRA_ENV="INVOKEAI_X=y ..." for start
# FULL_CUDA=1 also installs the GPU libraries that torch's plain package asks for (several GB more; needed with a GPU)
# Needs make-tiny-models.py beside it. The folder holds venv/, models/, data/, server.log, server.pid.
set -euo pipefail

target=${1:?usage: setup.sh DIR [start|stop]}
action=${2:-install}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$target"
target=$(cd "$target" && pwd)
venv=$target/venv
url=http://127.0.0.1:${PORT:-9090}

running() { [ -f "$target/server.pid" ] && kill -0 "$(cat "$target/server.pid")" 2>/dev/null; }

stop_server() {
  if ! running; then echo "not running"; return; fi
  kill -TERM "$(cat "$target/server.pid")"
  for _ in $(seq 100); do running || break; sleep 0.2; done
  if running; then kill -KILL "$(cat "$target/server.pid")"; fi
  rm -f "$target/server.pid"
}

system_packages() {
  local missing=()
  ldconfig -p | grep -q 'libGL\.so\.1' || missing+=(libgl1)
  ldconfig -p | grep -q 'libglib-2\.0\.so\.0' || missing+=(libglib2.0-0)
  command -v gcc >/dev/null || missing+=(gcc libc6-dev)
  command -v nm >/dev/null || missing+=(binutils)
  command -v curl >/dev/null || missing+=(curl)
  if [ ${#missing[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
  fi
}

install_server() {
  [ -f "$target/.server-installed" ] && return
  system_packages
  local python=${PYTHON:-}
  if [ -z "$python" ]; then
    for candidate in python3.11 python3.12 python3; do
      if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then
        python=$candidate
        break
      fi
    done
  fi
  [ -n "$python" ] || { echo "Python 3.11 or 3.12 is needed" >&2; exit 1; }
  "$python" -m venv "$venv"
  "$venv/bin/pip" install -q uv
  # uv reads none of pip's settings; hand over the two that matter behind a company mirror
  [ -n "${PIP_CERT:-}" ] && export SSL_CERT_FILE=${SSL_CERT_FILE:-$PIP_CERT}
  [ -n "${PIP_INDEX_URL:-}" ] && export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}
  # a fresh install takes the newest of these, and some break the server
  cat >"$target/constraints.txt" <<'END'
diffusers==0.40.0
transformers==5.5.4
compel==2.5.1
spandrel==0.4.2
fastapi==0.141.1
starlette==1.10.0
uvicorn==0.54.0
pydantic==2.14.3
python-socketio==5.18.1
python-engineio==4.15.1
END
  local extra=()
  if [ -z "${FULL_CUDA:-}" ]; then
    # torch's plain package is the CUDA build. Leave its GPU libraries out; small stand-ins are written below.
    for name in cublas cuda-cupti cuda-nvrtc cuda-runtime cudnn cufft cufile curand cusolver cusparse cusparselt nccl \
      nvjitlink nvtx; do
      echo "nvidia-$name-cu12 ; sys_platform == 'never'"
    done >"$target/overrides.txt"
    echo "triton ; sys_platform == 'never'" >>"$target/overrides.txt"
    extra=(--overrides "$target/overrides.txt")
  fi
  "$venv/bin/uv" pip install --python "$venv/bin/python" --no-progress -q -c "$target/constraints.txt" \
    ${extra[@]+"${extra[@]}"} invokeai==6.14.2 torch==2.7.1 torchvision==0.22.1
  if [ -z "${FULL_CUDA:-}" ]; then
    "$venv/bin/uv" pip install --python "$venv/bin/python" --no-progress -q --no-deps \
      nvidia-cuda-runtime-cu12==12.6.77 nvidia-cuda-cupti-cu12==12.6.80
    stand_ins
  fi
  "$venv/bin/python" -c 'import torch; assert (torch.ones(2, 2) @ torch.ones(2, 2)).sum() == 8'
  touch "$target/.server-installed"
}

# Shared libraries that carry the names torch links against and answer every call with an error code. Good for a machine
# that has no GPU and for nothing else.
stand_ins() {
  "$venv/bin/python" - <<'END'
import pathlib, re, subprocess, sysconfig, tempfile

folder = pathlib.Path(sysconfig.get_paths()["purelib"], "torch", "lib")
stand_ins = {
    "libcusparse.so.12": "cusparse(?!Lt)", "libcufft.so.11": "cufft", "libcusparseLt.so.0": "cusparseLt",
    "libcurand.so.10": "curand", "libcublas.so.12": "cublas(?!Lt)", "libcublasLt.so.12": "cublasLt",
    "libcudnn.so.9": "cudnn", "libnccl.so.2": "nccl", "libcusolver.so.11": "cusolver", "libcufile.so.0": "cuFile",
}
wanted, defined = {}, set()
for library in folder.glob("*.so*"):
    if library.name in stand_ins:
        continue
    listing = subprocess.run(["nm", "-D", str(library)], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        parts = line.split()
        if len(parts) == 2:
            name, _, version = parts[1].partition("@")
            wanted[name] = version
        elif len(parts) == 3:
            defined.add(parts[2].split("@")[0])
for soname, prefix in stand_ins.items():
    names = sorted(n for n in wanted if n not in defined and re.match(prefix, n))
    with tempfile.TemporaryDirectory() as scratch:
        source, script = pathlib.Path(scratch, "s.c"), pathlib.Path(scratch, "s.map")
        code = ["int stand_in;"]
        for name in names:
            if name == "cudnnGetProperty":  # torch asks for 9.5.1, the version it was built for, and warns otherwise
                code.append("int cudnnGetProperty(int i, int *v) { int n[] = {9, 5, 1}; *v = n[i]; return 0; }")
            else:
                code.append(f"long {name}(void) {{ return {90501 if name == 'cudnnGetVersion' else 1}; }}")
        source.write_text("\n".join(code) + "\n")
        command = ["gcc", "-shared", "-fPIC", f"-Wl,-soname,{soname}", "-o", str(folder / soname), str(source)]
        if any(wanted[n] for n in names):
            script.write_text(f"{soname} {{ global: *; }};\n")
            command.append(f"-Wl,--version-script={script}")
        subprocess.run(command, check=True)
END
}

make_models() {
  [ -f "$target/models/install.json" ] && return
  HF_HUB_OFFLINE=1 nice "$venv/bin/python" "$here/make-tiny-models.py" "$target/models" 2>"$target/models.log" ||
    { tail -20 "$target/models.log" >&2; exit 1; }
}

start_server() {
  if running; then echo "already running"; return; fi
  if curl -s -m 2 -o /dev/null "$url/api/v1/app/version"; then
    echo "something else answers on $url; a second server would silently take the next port" >&2
    exit 1
  fi
  mkdir -p "$target/data"
  # shellcheck disable=SC2086
  env INVOKEAI_HOST=127.0.0.1 INVOKEAI_PORT="${PORT:-9090}" INVOKEAI_DEVICE=cpu INVOKEAI_PATCHMATCH=false \
    INVOKEAI_NODE_CACHE_SIZE=0 INVOKEAI_LOG_FORMAT=plain INVOKEAI_ALLOW_UNKNOWN_MODELS=false \
    INVOKEAI_MAX_CACHE_RAM_GB=2 INVOKEAI_HTTP_COMPRESSION_LEVEL=0 INVOKEAI_CLEAR_QUEUE_ON_STARTUP=true INVOKEAI_MAX_QUEUE_HISTORY=0 \
    HF_HUB_OFFLINE=1 HF_HOME="$target/data/hf" OMP_NUM_THREADS=1 ${EXTRA_ENV:-} \
    setsid nice "$venv/bin/invokeai-web" --root "$target/data" >"$target/server.log" 2>&1 &
  echo $! >"$target/server.pid"
  for _ in $(seq 600); do
    curl -s -m 2 -f -o /dev/null "$url/api/v1/app/version" && return
    running || { tail -20 "$target/server.log" >&2; exit 1; }
    sleep 0.5
  done
  echo "no answer after 300 s" >&2
  exit 1
}

register_models() {
  MODELS=$target/models/install.json URL=$url "$venv/bin/python" - <<'END'
import json, os, time, urllib.parse, urllib.request

url = os.environ["URL"] + "/api/v2/models"

def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method=method, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)

known = {model["key"] for model in call("GET", "/")["models"]}
for model in json.load(open(os.environ["MODELS"])):
    if model["key"] in known:
        continue
    query = urllib.parse.urlencode({"source": model["source"], "inplace": "true"})
    changes = {name: value for name, value in model.items() if name != "source"}
    job = call("POST", f"/install?{query}", changes)
    while job["status"] not in ("completed", "error", "cancelled"):
        time.sleep(0.05)
        job = call("GET", f"/install/{job['id']}")
    if job["status"] != "completed":
        raise SystemExit(f"{model['key']}: {job['error']}")
END
}

case $action in
  install) install_server; make_models; echo "installed in $target" ;;
  start) install_server; make_models; start_server; register_models; echo "INVOKEAI_URL=$url" ;;
  stop) stop_server ;;
  *) echo "unknown action $action" >&2; exit 2 ;;
esac
