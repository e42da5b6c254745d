"""What a training runs on: a graphics card where there is one, else the processor."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

import torch
from torch import nn

from export.training.task import RecipeError


def add_options(parser: argparse.ArgumentParser) -> None:
    """--device and --threads, for `chosen`."""
    parser.add_argument("--device", default="", help="cuda where there is one, else cpu, when not given")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; as torch chooses when not given")


def chosen(args: argparse.Namespace) -> torch.device:
    """The device of --device, and from now on as many CPU threads as --threads says. Raises RecipeError."""
    if args.threads < 0:
        raise RecipeError(f"--threads {args.threads} is not a number of threads; give 1 or more.")
    if args.threads:
        torch.set_num_threads(args.threads)
    return choose(args.device)


def choose(name: str) -> torch.device:
    """The device called `name` ("cpu", "cuda", "cuda:1"); "" for the best there is. Raises RecipeError."""
    best = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name or best)
        torch.zeros((), device=device)
    except (RuntimeError, AssertionError) as error:  # torch raises both for a device that is not there
        raise RecipeError(f"torch cannot use the device {name} here; --device {best} will do.") from error
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True  # all batches have one shape, so the fastest kernels pay
    return device


def workers(device: torch.device) -> int:
    """How many processes make batches unless --workers says it: none where the processor trains, else one a
    core."""
    return 0 if device.type == "cpu" else os.cpu_count() or 1


def place(module: nn.Module, device: torch.device, order: torch.memory_format) -> nn.Module:
    """`module` itself, now on `device` and with its kernels in memory `order`."""
    module.to(device, memory_format=order)  # type: ignore[call-overload]  # torch's stubs lack this form
    return module


def machine(device: torch.device) -> str:
    """The graphics card or the processor in words, and how many of the cores a training uses."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)}, with {os.cpu_count()} cores of {processor}"
    return f"{processor}, {torch.get_num_threads()} of {os.cpu_count()} CPU cores"
