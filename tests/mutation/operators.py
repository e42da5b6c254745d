"""Which changes are made to a module, and which of them say nothing of its tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from cosmic_ray.work_item import WorkItem

# Of each operator its opposite and, for comparisons, its neighbour. The others that the tool knows, such as
# Add to BitXor, are noticed by the same tests, or by an exception.
PAIRS = (
    "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_FloorDiv", "Pow_Mul", "LShift_RShift",
    "RShift_LShift", "BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitAnd",
)  # fmt: skip
NEAR = (
    "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt", "Eq_NotEq", "NotEq_Eq",
    "Is_IsNot", "IsNot_Is",
)  # fmt: skip
WANTED = re.compile(
    rf"core/(ReplaceBinaryOperator_({'|'.join(PAIRS)})|ReplaceComparisonOperator_({'|'.join(NEAR)})"
    r"|ReplaceUnaryOperator_(Delete_\w+|USub_UAdd)|AddNot|ReplaceTrueWithFalse|ReplaceFalseWithTrue"
    r"|ReplaceAndWithOr|ReplaceOrWithAnd|ReplaceBreakWithContinue|ReplaceContinueWithBreak|ExceptionReplacer"
    r"|NumberReplacer|RemoveDecorator|ZeroIterationForLoop)$"
)


def worth_trying(items: Iterable[WorkItem], module: Path) -> list[WorkItem]:
    """Those of the changes `items` of `module` that are tried: none in a type, which nothing evaluates."""
    text = module.read_text(encoding="utf-8")
    types, lines = _types(ast.parse(text)), text.splitlines()
    return [item for item in items if _counts(item, types) and not _is_dotted(item, lines)]


def _is_dotted(item: WorkItem, lines: list[str]) -> bool:
    """Whether it replaces an exception such as struct.error, at which the tool fails."""
    change = item.mutations[0]
    (row, begin), end = change.start_pos, change.end_pos[1]
    return change.operator_name == "core/ExceptionReplacer" and "." in lines[row - 1][begin:end]


def _counts(item: WorkItem, types: list[ast.expr]) -> bool:
    change = item.mutations[0]
    inside = any(
        (type.lineno, type.col_offset) <= tuple(change.start_pos)
        and tuple(change.end_pos) <= (type.end_lineno or 0, type.end_col_offset or 0)
        for type in types
    )
    return bool(WANTED.match(change.operator_name)) and not inside


def _types(tree: ast.Module) -> list[ast.expr]:
    found = []
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (expression := getattr(node, name, None)) is not None:
                found.append(expression)
    return found
