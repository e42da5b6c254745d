"""Makes small libraries that stand in for large ones of which the packaged program uses nothing, on Linux.

OpenCV is linked with OpenBLAS (39 MB), which it calls for large matrices, and Qt with ICU's tables of
languages (32 MB), which it asks about legacy encodings and the order of words. Mien needs neither; without
their names nothing would load, though. Arrow's Python module names three libraries (10 MB) of which it calls
nothing. Needs binutils, as building on Linux does.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

SENTENCE = (
    "Mien stops: it asked OpenCV for a computation that its packaged program leaves out. Please report what "
    "you did; mien installed with pip has it.\n"
)
EXIT_CODE = 70  # as sysexits.h has it: a fault of the program
# Linux's calls `write` to stderr and `exit_group`: nothing is computed with a wrong result.
LAST_WORDS = {
    "x86_64": """
    movl $1, %eax
    movl $2, %edi
    leaq sentence(%rip), %rsi
    movl $length, %edx
    syscall
    movl $231, %eax
    movl $code, %edi
    syscall
""",
    "aarch64": """
    mov x8, #64
    mov x0, #2
    adr x1, sentence
    mov x2, #length
    svc #0
    mov x8, #94
    mov x0, #code
    svc #0
""",
}
# ICU's data file without an entry: its header, of 32 bytes, says so in the format "CmnD"; the count is 0.
NOTHING = """
    .section .rodata
    .balign 16
    .globl {symbol}
    .type {symbol}, @object
{symbol}:
    .short 32
    .byte 0xda, 0x27
    .short 20, 0
    .byte 0, 0, 2, 0
    .ascii "CmnD"
    .byte 1, 0, 0, 0, 0, 0, 0, 0
    .quad 0, 0, 0, 0
    .size {symbol}, . - {symbol}
"""
ENDING = """
    .text
    .set code, {code}
sentence:
    .ascii {sentence}
    .set length, . - sentence
    .balign 16
ending:{last_words}"""
FUNCTION = """
    .globl {symbol}
    .type {symbol}, @function
    .set {symbol}, ending
"""
NO_STACK = '    .section .note.GNU-stack,"",@progbits\n'


def without_languages(library: Path, folder: Path) -> Path:
    """A stand-in in `folder` for ICU's data `library`, such as libicudata.so.73: it holds no language."""
    symbol = "icudt{}_dat".format(re.search(r"\.so\.(\d+)", library.name)[1])
    return _made(library.name, NOTHING.format(symbol=symbol), folder)


def without_algebra(library: Path, users: Iterable[Path], folder: Path) -> Path:
    """A stand-in in `folder` for the BLAS `library`: calling what `users` name in it ends the program.

    It says SENTENCE and exits with EXIT_CODE.
    """
    wanted = set().union(*(_symbols(user, "*UND*") for user in users)) & _symbols(library, ".text")
    words = LAST_WORDS[platform.machine()]
    ending = ENDING.format(code=EXIT_CODE, sentence=json.dumps(SENTENCE), last_words=words)
    functions = "".join(FUNCTION.format(symbol=symbol) for symbol in sorted(wanted))
    return _made(library.name, ending + functions, folder)


def nothing(library: Path, folder: Path) -> Path:
    """A stand-in in `folder` for a `library` that others name and ask for nothing."""
    return _made(library.name, "", folder)


def stripped(library: Path, folder: Path) -> Path:
    """A copy in `folder` of `library` without the names that only a debugger reads."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / library.name
    subprocess.run(["strip", "--strip-unneeded", "-o", made, library], check=True)
    return made


def _symbols(library: Path, section: str) -> set[str]:
    """The names that a library asks for (section *UND*) or gives (.text)."""
    told = subprocess.run(["objdump", "-T", library], capture_output=True, text=True, check=True).stdout
    return {line.split()[-1] for line in told.splitlines() if section in line.split()}


def _made(name: str, assembly: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made, parts = folder / name, folder / f"{name}.o"
    subprocess.run(["as", "-o", parts, "-"], input=assembly + NO_STACK, text=True, check=True)
    subprocess.run(["ld", "-shared", "-z", "noseparate-code", "-soname", name, "-o", made, parts], check=True)
    parts.unlink()
    return made
