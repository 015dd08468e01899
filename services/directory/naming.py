"""Which provinces, cities and counties an address names. It reads names and nothing else; `placing.py` decides."""

import re
from collections import defaultdict
from functools import cache

from services.directory.divisions import Division, everything

_ENDS = frozenset("省市区县旗盟州")
_LONGEST = 15
_STREET = re.compile(r"大?路(?![南北桥])|大?街(?!道)|大道|巷|场")
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|"
    "哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|"
    "柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|阿昌族|普米族|"
    "塔吉克族|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|"
    "鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|各族|蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克|鄂伦春|"
    ""
)
_AUTONOMOUS = re.compile(rf"(.*?)((?:{_PEOPLES})*)自治([县旗州])")


def named(address: str) -> list[tuple[Division, ...]]:
    """What the address names, in its order: each entry holds all divisions, of any place and year, with that name.

    A name that only begins a street or a market (尧都区古县路, 侯马市场) is not the division's.
    """
    names, found, free = _names(), [], 0
    for end, letter in enumerate(address, start=1):
        if letter not in _ENDS:
            continue
        for begin in range(max(free, end - _LONGEST), end - 1):
            divisions = names.get(address[begin:end])
            if divisions is not None and (end - begin > 2 or _stands_free(address, begin, free)):
                if not _STREET.match(address, end):
                    found.append(divisions)
                    free = end
                break
    return found


def short_names(name: str) -> list[str]:
    """What people call an autonomous county, banner or prefecture for short.

    >>> short_names("前郭尔罗斯蒙古族自治县"), short_names("延边朝鲜族自治州")
    (['前郭尔罗斯县', '前郭县'], ['延边州'])
    """
    match = _AUTONOMOUS.fullmatch(name)
    if match is None:
        return []
    stem = match[1] or match[2].removesuffix("族")
    stems = [stem, stem[:2]] if len(stem) > 2 and match[3] == "县" else [stem]
    return [short + match[3] for short in stems]


def _stands_free(address: str, begin: int, free: int) -> bool:
    """Two-letter names (古县, 城区) hide inside other words, so they count only after a division or at the start."""
    return (
        begin == free
        or not address[begin - 1].isalpha()
        or address[begin - 1] in _ENDS
        or any(address[max(0, begin - length) : begin] in _stems() for length in (2, 3, 4))
    )


@cache
def _names() -> dict[str, tuple[Division, ...]]:
    names = defaultdict[str, list[Division]](list)
    for division in everything():
        if division.level != "town":
            for name in (division.name, *short_names(division.name)):
                if name[-1] in _ENDS and len(name) > 1:
                    names[name].append(division)
    return {name: tuple(divisions) for name, divisions in names.items()}


@cache
def _stems() -> frozenset[str]:
    upper = (division.name for division in everything() if division.level in ("province", "city"))
    return frozenset(name.removesuffix("省").removesuffix("市") for name in upper)
