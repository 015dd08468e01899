"""The unified social credit code: the samples of the domain study, and one clear sentence for each way to be wrong."""

import pytest

from workflows.uscc import DEPARTMENTS, UsccFault, category, check, normalise

GOOD = [
    "91110000600037341L",
    "91350100M000100Y43",
    "91220204MA00000151",
    "91220204MA0000023U",
    "91220204000000019A",
    "912202040000000275",
    "91141023MA00000155",
    "92220204MA0000015X",
    "81220204MA00000152",  # a primary union: many validators refuse it
    "81220204000000019B",
    "812202040000000276",
]


@pytest.mark.parametrize("code", GOOD)
def test_a_good_code_is_its_own_normal_form(code: str) -> None:
    assert check(code) == code


@pytest.mark.parametrize(
    "written",
    [
        "91220204ma00000151",
        " 91220204 MA000001 51\n",
        "91-220204-MA0000015-1",
        "９１２２０２０４ＭＡ０００００１５１",
        "91220204－MA000001\u300051",
        "\ufeff91220204MA00000151",
    ],
)
def test_case_width_and_separators_are_folded(written: str) -> None:
    assert normalise(written) == check(written) == "91220204MA00000151"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "uscc_length"),
        ("9122020MA00000151", "uscc_length"),
        ("91220204MA000001511", "uscc_length"),
        ("220204000000015", "uscc_length"),  # an old 15-digit registration number
        ("000000000000000000", "uscc_zero"),
        ("0" * 17 + "-0", "uscc_zero"),
        ("91220204MA0000015I", "uscc_alphabet"),
        ("91220204MAO0000151", "uscc_alphabet"),
        ("91220204MAS0000151", "uscc_alphabet"),
        ("91220204MAV0000151", "uscc_alphabet"),
        ("91220204MAZ0000151", "uscc_alphabet"),
        ("91220204MA企0000151", "uscc_alphabet"),
        ("B1220204MA00000151", "uscc_department"),
        ("01220204MA00000151", "uscc_department"),
        ("94220204MA00000151", "uscc_category"),
        ("99220204MA00000151", "uscc_category"),
        ("82220204MA00000152", "uscc_category"),
        ("Y9220204MA00000152", "uscc_category"),
        ("91220204MA00000152", "uscc_check_digit"),
        ("81220204MA00000151", "uscc_check_digit"),
        ("9.12E+17", "uscc_number"),
        ("9.12e17", "uscc_number"),
        ("9.122020400000003e+17", "uscc_number"),
        ("9E17", "uscc_number"),
        ("912202040000000275.0", "uscc_number"),
        ("912202040000000000", "uscc_number"),
        ("911101087415678000", "uscc_number"),
        ("912202040000000" + "000", "uscc_number"),
    ],
)
def test_each_way_to_be_wrong_has_its_code(written: str, fault: str) -> None:
    with pytest.raises(UsccFault) as refused:
        check(written)
    assert refused.value.code == fault
    assert refused.value.text.zh and refused.value.text.en


@pytest.mark.parametrize("code", GOOD)
def test_any_one_slip_is_found(code: str) -> None:
    for place in range(18):
        for letter in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            slip = code[:place] + letter + code[place + 1 :]
            if slip != code:
                with pytest.raises(UsccFault):
                    check(slip)


def test_a_number_ending_in_three_zeros_is_believed_only_with_both_check_digits() -> None:
    believed = []
    for serial in range(0, 100_000_000, 99_991):
        code = f"91220204{serial:08}0"[:14].ljust(18, "0")
        try:
            believed.append(check(code))
        except UsccFault as refused:
            assert refused.code == "uscc_number"
    assert len(believed) < 12  # of 1,001 destroyed numbers one in 31 x 11 passes by chance


def test_every_department_and_category_of_the_standard_is_known() -> None:
    known = {department + kind for department, (_, named) in DEPARTMENTS.items() for kind in named}
    kinds = {"1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129", "8": "19"}
    kinds |= {"9": "123", "A": "19", "N": "1239", "Y": "1"}
    assert known == {department + kind for department, each in kinds.items() for kind in each}


@pytest.mark.parametrize("start", ["81", "89", "A1", "N2", "Y1"])
def test_codes_of_every_department_pass_with_their_check_digit(start: str) -> None:
    passed = []
    for last in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        try:
            passed.append(check(f"{start}220204MA0000015{last}"))
        except UsccFault as refused:
            assert refused.code == "uscc_check_digit"
    assert len(passed) == 1


def test_the_category_names_the_kind_of_organisation() -> None:
    assert category("81220204MA00000152").zh == "基层工会"
    assert category("92220204MA0000015X").en == "individual business"
