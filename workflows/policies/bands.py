"""A table of bands: how many are due for how many, such as the members of a committee for the members of a union."""

from dataclasses import dataclass

from workflows.words import Text

Row = tuple[int, int, int]


class BandsFault(ValueError):
    """A table that cannot be read one way only; `text` says what to mend."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


@dataclass(frozen=True, slots=True)
class Bands:
    """Rows of (up to so many, inclusive; least; most), rising. The last begins with 0, which is "and above".

    >>> sizes = Bands(((25, 1, 1), (200, 3, 7), (0, 7, 15)))
    >>> sizes.band(25), sizes.band(26), sizes.band(90_000)
    ((1, 1), (3, 7), (7, 15))
    """

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        ends = [up_to for up_to, _, _ in self.rows]
        if not ends or ends[-1] != 0:
            raise BandsFault(
                Text(
                    "最后一段应写 0，表示不设上限",
                    "must end with a row that begins with 0, which is no upper end",
                )
            )
        if any(before >= after for before, after in zip([0, *ends], ends[:-1], strict=False)):
            raise BandsFault(Text("各段上限应逐段增大", "must rise from row to row"))
        for _, least, most in self.rows:
            if not 0 <= least <= most:
                raise BandsFault(
                    Text(
                        f"每段最少应不大于最多：{least} 与 {most}",
                        f"must give the least before the most: {least}, {most}",
                    )
                )

    def band(self, number: int) -> tuple[int, int]:
        """The least and the most for this number."""
        return next((least, most) for up_to, least, most in self.rows if number <= up_to or up_to == 0)

    def __str__(self) -> str:
        shown = [
            f"{f'<= {up_to}' if up_to else 'above'}: {least}{'' if least == most else f'-{most}'}"
            for up_to, least, most in self.rows
        ]
        return "; ".join(shown)
