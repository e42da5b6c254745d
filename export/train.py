"""Trains one recipe: `python -m export.train RECIPE [--smoke] [--threads N]`.

One loop for every task. After each epoch runs/<recipe>/ holds checkpoint.pt (all that resuming needs),
best.pt (averaged weights of the best epoch so far) and log.csv. Started again, it resumes by itself, and goes
on exactly as if it had not been stopped, because every epoch draws from its own seed.
"""

from __future__ import annotations

import argparse
import copy
import csv
import dataclasses
import math
import os
import platform
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from export.task import Recipe, RecipeError, Task, build, folder, read_recipe


def train(recipe: Recipe, task: Task, out: Path) -> None:
    """Runs the epochs that `out` does not hold yet."""
    model = task.model.to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(model).requires_grad_(False)
    optimizer = make_optimizer(recipe, model)
    done, step, seconds, best, rows = 0, 0, 0.0, -math.inf, []
    if (out / "checkpoint.pt").exists():
        saved = torch.load(out / "checkpoint.pt", weights_only=True)
        if saved["recipe"] != as_plain(recipe):
            raise RecipeError(f"{out} holds a run of another {recipe.name}; remove it to train anew.")
        model.load_state_dict(saved["model"])
        averaged.load_state_dict(saved["averaged"])
        optimizer.load_state_dict(saved["optimizer"])
        done, step, seconds, best, rows = (saved[k] for k in ("epoch", "step", "seconds", "best", "rows"))
    total = recipe.epochs * task.steps
    with tqdm(total=total, initial=step, unit="step", desc=recipe.name) as bar:
        for epoch in range(done, recipe.epochs):
            start = time.perf_counter()
            torch.manual_seed(recipe.seed * 10_007 + epoch)
            sums: defaultdict[str, float] = defaultdict(float)
            model.train()
            for batch in task.batches(np.random.default_rng([recipe.seed, epoch])):
                for group in optimizer.param_groups:
                    group["lr"] = rate_at(recipe, step, total, task.steps)
                with torch.autocast("cpu", torch.bfloat16, enabled=recipe.bf16):
                    loss, parts = task.loss(model, batch)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                if recipe.clip:
                    nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
                optimizer.step()
                step += 1
                average(averaged, model, min(recipe.ema, step / (step + 10)))
                for name, value in {"loss": loss, **parts}.items():
                    sums[name] += value.item()
                bar.update()
            averaged.eval()
            with torch.no_grad():
                figures = task.validate(averaged)
            seconds += time.perf_counter() - start
            means = {name: value / task.steps for name, value in sums.items()}
            rows.append({"epoch": epoch + 1, "seconds": round(seconds, 1), **means, **figures})
            bar.set_postfix_str(" ".join(f"{k} {v:.4g}" for k, v in figures.items()))
            if figures[task.best] > best:
                best = figures[task.best]
                kept = {"weights": averaged.state_dict(), "row": rows[-1], "recipe": as_plain(recipe)}
                save(kept | {"machine": machine()}, out / "best.pt")
            state = {"model": model.state_dict(), "averaged": averaged.state_dict(), "best": best}
            state |= {"optimizer": optimizer.state_dict(), "epoch": epoch + 1, "step": step, "rows": rows}
            save(state | {"seconds": seconds, "recipe": as_plain(recipe)}, out / "checkpoint.pt")
            write_log(rows, out / "log.csv")


def make_optimizer(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """AdamW or RMSprop; biases and scales of norms (one number a channel) do not decay."""
    learned = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=recipe.rate)
    if recipe.optimizer == "rmsprop":
        return torch.optim.RMSprop(groups, lr=recipe.rate)
    raise RecipeError(f"{recipe.name} names the optimizer {recipe.optimizer}; choose adamw or rmsprop.")


def rate_at(recipe: Recipe, step: int, total: int, steps: int) -> float:
    """The learning rate of a step: a linear rise, then flat or half a cosine down to 0."""
    rise = min(1.0, (step + 1) / max(1.0, recipe.warmup * steps))
    fall = 0.5 + 0.5 * math.cos(math.pi * step / total) if recipe.schedule == "cosine" else 1.0
    return recipe.rate * rise * fall


@torch.no_grad()
def average(averaged: nn.Module, model: nn.Module, decay: float) -> None:
    """Moves `averaged` a little towards `model`: parameters and running statistics; counters are copied."""
    pairs = zip(averaged.state_dict().values(), model.state_dict().values(), strict=True)
    for old, new in pairs:
        if old.is_floating_point():
            old.lerp_(new, 1 - decay)
        else:
            old.copy_(new)


def save(state: dict, path: Path) -> None:
    """Writes beside the file and then renames, so that a kill leaves the old or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def write_log(rows: list[dict], path: Path) -> None:
    """One row an epoch; loss and parts are means over its steps, figures those of the averaged weights."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[-1]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def machine() -> str:
    """The processor and how much of it this training uses."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    return f"{name}, {torch.get_num_threads()} of {os.cpu_count()} CPU cores"


def as_plain(recipe: Recipe) -> dict:
    """The recipe as the dicts that a checkpoint can hold."""
    return dataclasses.asdict(recipe)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m export.train", description=__doc__.split("\n")[0])
    parser.add_argument("recipe", type=Path, help="a file, or the name of one in export/recipes")
    parser.add_argument("--smoke", action="store_true", help="two epochs on made-up data, in seconds")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; as torch chooses when not given")
    args = parser.parse_args(argv)
    if args.threads:
        torch.set_num_threads(args.threads)
    try:
        recipe = read_recipe(args.recipe)
        if args.smoke:
            recipe = dataclasses.replace(recipe, epochs=2, batch=8)
        out = folder(recipe, args.smoke)
        if args.smoke:
            (out / "checkpoint.pt").unlink(missing_ok=True)
        train(recipe, build(recipe, args.smoke), out)
    except (RecipeError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from the last whole epoch.", file=sys.stderr)
        return 130
    print(f"{out / 'best.pt'} holds the best weights; python -m export.to_onnx {recipe.name} exports them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
