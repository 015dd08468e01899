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

    @classmethod
    def read(cls, written: str) -> "Text":
        """What stands there as 中文 / English; one sentence alone is said in both.

        >>> Text.read("工会法第16条 / Trade Union Law Art 16").zh, Text.read("K40").en
        ('工会法第16条', 'K40')
        """
        zh, _, en = written.partition(" / ")
        return cls(zh, en or zh)

    def as_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}
