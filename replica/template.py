"""JSON text with places to fill: `<name>` stands for a column or a given expression."""

import re

import polars as pl

PLACE = re.compile(r"<(\w+)>")


def filled(text: str, **values: pl.Expr) -> pl.Expr:
    parts: list[pl.Expr] = []
    for at, part in enumerate(PLACE.split(text)):
        if at % 2:
            parts.append(values.get(part, pl.col(part)).cast(pl.String))
        elif part:
            parts.append(pl.lit(part))
    return pl.concat_str(parts)
