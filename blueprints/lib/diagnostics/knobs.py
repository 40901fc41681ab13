"""The knobs for experiments: from the environment, then launch_args.txt, then the command line; the last one counts."""

import argparse
import math
import os
import shlex
from typing import List, Mapping


def _seconds(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError("must be a number from 0 up")
    return value


def _exit_code(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 255:
        raise argparse.ArgumentTypeError("must be from 0 to 255")
    return value


def _launch_args(environ: Mapping[str, str]) -> List[str]:
    """Words of launch_args.txt in the instance folder; quotes and # comments as in a shell, but nothing is run."""
    try:
        with open(os.path.join(environ.get("INSTANCE_CONF_DIR", "."), "launch_args.txt"), encoding="utf-8") as file:
            return shlex.split(file.read().replace("\\\n", " "), comments=True)
    except FileNotFoundError:
        return []


def read_knobs(arguments: List[str], environ: Mapping[str, str]) -> argparse.Namespace:
    """Parse; a value that does not fit ends the program with exit code 2 and the reason."""
    parser = argparse.ArgumentParser(prog="Diagnostics", allow_abbrev=False)
    knobs = (
        ("ready-after", _seconds, 0.0, "seconds before the port opens"),
        ("exit-after", _seconds, None, "seconds after which the app ends by itself"),
        ("exit-code", _exit_code, 0, "its exit code then"),
        ("spew", _seconds, 0.0, "lines a second that are printed"),
    )
    for name, kind, default, text in knobs:
        # argparse puts a default that is text through `type`, so a bad variable is reported like a bad argument.
        chosen = environ.get("DIAGNOSTICS_" + name.upper().replace("-", "_"), default)
        parser.add_argument("--" + name, type=kind, default=chosen, help=text)
    return parser.parse_args(_launch_args(environ) + arguments)
