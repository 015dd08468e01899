"""A sentence or a label in the two languages of the house. Chinese comes first; English is never missing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said twice: `zh` for the clerk, `en` for the visitor. Neither may be empty."""

    zh: str
    en: str

    def __post_init__(self) -> None:
        if not self.zh or not self.en:
            raise ValueError(f"a text needs both languages: {self.zh!r} / {self.en!r}")

    def filled(self, **values: object) -> "Text":
        """The same text with its `{places}` filled in.

        >>> Text("缺{n}份", "{n} missing").filled(n=2)
        Text(zh='缺2份', en='2 missing')
        """
        return Text(self.zh.format(**values), self.en.format(**values))

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}
