"""What can be checked from inside: variables, folders, the port, the GPU pin. Each check gives one row of the page."""

import os
import platform
import re
import shutil
import subprocess
import tempfile
from typing import Dict, List, Mapping, Optional

GOOD, BAD, NOTE = "good", "bad", "note"

# Name, whether every run must have it, what it is for.
VARIABLES = (
    ("WEBUI_PORT", True, "Port on 127.0.0.1 that the app must serve"),
    ("INSTANCE_NAME", True, "Name of the instance"),
    ("INSTANCE_CONF_DIR", True, "Folder of the instance"),
    ("INSTANCE_OUTPUT_DIR", True, "Where results belong"),
    ("BLUEPRINT_ID", True, "Blueprint file, without .sh"),
    ("SUBFOLDER", True, "Path below which the console serves the app"),
    ("TMPDIR", True, "For temporary files"),
    ("CUDA_DEVICE_ORDER", True, "Numbers GPUs as nvidia-smi does"),
    ("CUDA_VISIBLE_DEVICES", False, "The GPUs of this instance"),
    ("DISPLAY", False, "X display, with a persistent desktop only"),
    ("PYTHON_VERSION", False, "Chosen Python"),
    ("CUDA_VERSION", False, "Chosen CUDA"),
    ("TORCH_VERSION", False, "Chosen or default PyTorch"),
    ("PYTORCH_INDEX_URL", False, "Where pip finds PyTorch"),
    ("AIKORE_BLUEPRINT_LIB", True, "Functions that blueprints share"),
    ("AIKORE_PROGRESS_FILE", True, "Where a blueprint reports progress"),
    ("AIKORE_RUN_ID", True, "Marks the processes of this run"),
    ("HOME", True, "Home folder, for caches and settings of tools"),
    ("PATH", True, "Where programs are found"),
    ("LANG", False, "Language and character set"),
)
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|COOKIE|SESSION", re.IGNORECASE)


def row(name: str, state: str, reason: str) -> Dict[str, str]:
    return {"name": name, "state": state, "reason": reason}


def variables(environ: Mapping[str, str]) -> List[Dict[str, Optional[str]]]:
    """The variables that an app is promised, with their values; of all others the page says only the names."""
    return [
        {
            "name": name,
            "value": environ.get(name),
            "state": GOOD if environ.get(name) else (BAD if required else NOTE),
            "text": text,
        }
        for name, required, text in VARIABLES
    ]


def _folder(name: str, variable: str, environ: Mapping[str, str]) -> Dict[str, str]:
    path = environ.get(variable, "")
    if not os.path.isabs(path):
        return row(name, BAD, f"{variable} is {path!r}, not an absolute path")
    probe = os.urandom(65536)
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(probe)
            file.seek(0)
            if file.read() != probe:
                return row(name, BAD, f"{path} gave back other bytes than were written")
        free = shutil.disk_usage(path).free / 2**30
    except OSError as error:
        return row(name, BAD, f"{path} cannot be written: {error.strerror}")
    return row(name, GOOD, f"{path} can be written, {free:.1f} GiB free")


def _listening(port: int) -> List[str]:
    """Local addresses (hexadecimal, as in /proc/net/tcp) that listen on the port."""
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as file:
                fields = [line.split() for line in file.readlines()[1:]]
        except OSError:
            continue
        found += [f[1].split(":")[0] for f in fields if f[3] == "0A" and int(f[1].split(":")[1], 16) == port]
    return found


def _port(port: int) -> Dict[str, str]:
    addresses = _listening(port)
    if not addresses:
        return row("App port", NOTE, f"{port}; this system does not show who listens on it")
    if addresses == ["0100007F"]:
        return row("App port", GOOD, f"{port} listens on 127.0.0.1 only")
    return row("App port", BAD, f"{port} also listens beyond 127.0.0.1: other machines may reach it directly")


def _gpus() -> Optional[List[str]]:
    try:
        result = subprocess.run(
            ["nvidia-smi", "--query-gpu=index,name,memory.total", "--format=csv,noheader"],
            capture_output=True, text=True, timeout=10, check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return [line.strip() for line in result.stdout.splitlines() if line.strip()]


def gpu_pin(pin: Optional[str], order: Optional[str], gpus: Optional[List[str]]) -> Dict[str, str]:
    """Judge CUDA_VISIBLE_DEVICES against the GPUs that nvidia-smi lists (None: there is no nvidia-smi)."""
    if gpus is None:
        return row("GPU pin", NOTE, f"No NVIDIA GPU is seen here; CUDA_VISIBLE_DEVICES is {pin!r}")
    if order != "PCI_BUS_ID":
        return row("GPU pin", BAD, "CUDA_DEVICE_ORDER must be PCI_BUS_ID, else GPU numbers differ from nvidia-smi's")
    if pin is None:
        return row("GPU pin", NOTE, f"No pin: all {len(gpus)} GPU(s) are visible ({'; '.join(gpus)})")
    by_index = {line.split(",")[0].strip(): line for line in gpus}
    wanted = [part.strip() for part in pin.split(",") if part.strip()]
    missing = [part for part in wanted if part not in by_index]
    if missing:
        return row("GPU pin", BAD, f"GPU {', '.join(missing)} does not exist; there are: {'; '.join(gpus)}")
    return row("GPU pin", GOOD, "; ".join(by_index[part] for part in wanted) or "no GPU, as chosen")


def _secrets(environ: Mapping[str, str]) -> Dict[str, str]:
    leaked = sorted(name for name in environ if name.startswith("AIKORE_") and SECRET.search(name))
    if leaked:
        return row("Secrets", BAD, f"The server's own {', '.join(leaked)} reached the app")
    return row("Secrets", GOOD, "Nothing of the server's own secrets is in the environment")


def _subfolder(value: str) -> Dict[str, str]:
    if re.fullmatch(r"/instance/[^/\s]+/", value):
        return row("Sub-folder", GOOD, value)
    return row("Sub-folder", BAD, f"SUBFOLDER is {value!r}, not of the form /instance/<slug>/")


def report(environ: Mapping[str, str], port: int) -> Dict[str, object]:
    known = {name for name, _, _ in VARIABLES}
    return {
        "instance": environ.get("INSTANCE_NAME", "(no name)"),
        "system": f"Python {platform.python_version()} on {platform.system()} {platform.release()}, pid {os.getpid()}",
        "variables": variables(environ),
        "others": sorted(set(environ) - known),
        "checks": [
            _port(port),
            gpu_pin(environ.get("CUDA_VISIBLE_DEVICES"), environ.get("CUDA_DEVICE_ORDER"), _gpus()),
            _folder("Instance folder", "INSTANCE_CONF_DIR", environ),
            _folder("Output folder", "INSTANCE_OUTPUT_DIR", environ),
            _folder("Temporary folder", "TMPDIR", environ),
            _subfolder(environ.get("SUBFOLDER", "")),
            _secrets(environ),
        ],
    }
