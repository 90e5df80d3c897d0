"""Made-up personal values: names, identity numbers, contacts, addresses.

A name ends in a made-up word of letters that Vietnamese does not use (f, j, w, z), and numbers begin so
that no time stamp can contain them: whoever finds one of these values outside the raw extracts has found
a leak. Texts about a person contain the name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Danh", "Châu")
_MIDDLE = ("Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Kim", "Quốc")
_SYLLABLES = tuple(
    start + vowel + end
    for start in "fjwz"
    for vowel in "aeiouy"
    for end in ("", "b", "d", "k", "l", "r", "s", "v")
)
OFFICERS_PER_AGENCY = 3


@dataclass
class People:
    """Persons by position: the values each of them leaves in the extracts."""

    word: list[str]
    name: list[str]
    identity: list[str]
    phone: list[str]
    fax: list[str]
    email: list[str]
    portal_id: list[str]
    address: list[str]

    def __len__(self) -> int:
        return len(self.name)


def make_people(rng: np.random.Generator, count: int, business: np.ndarray | None = None) -> People:
    """So many persons; where `business` is true, a company."""
    syllables = rng.integers(0, len(_SYLLABLES), (count, 4)).tolist()
    family = rng.integers(0, len(_FAMILY), count).tolist()
    middle = rng.integers(0, len(_MIDDLE), count).tolist()
    identity = rng.integers(10**9, 10**10, count).tolist()
    phone = rng.integers(10**6, 10**7, count).tolist()
    other = rng.integers(0, 2**32, count).tolist()
    company = np.zeros(count, bool).tolist() if business is None else business.tolist()
    s = _SYLLABLES
    word = [(s[a] + s[b] + s[c] + s[d]).capitalize() for a, b, c, d in syllables]
    name = [
        f"Công ty TNHH {w}" if c else f"{_FAMILY[f]} {_MIDDLE[m]} {w}"
        for w, c, f, m in zip(word, company, family, middle, strict=True)
    ]
    return People(
        word=word,
        name=name,
        identity=[f"08{n}" for n in identity],
        phone=[f"077{n}" for n in phone],
        fax=[f"0296{n % 10_000_000:07d}" if n % 20 == 0 else "" for n in other],
        email=[f"{w.lower()}@thu.example" if n % 3 == 0 else "" for w, n in zip(word, other, strict=True)],
        portal_id=[f"tk-{n:08x}-{w.lower()}" if n % 2 == 0 else "" for w, n in zip(word, other, strict=True)],
        address=[f"Tổ {n % 30 + 1}, ấp {w}" for w, n in zip(word, other, strict=True)],
    )


def values_of(people: People) -> list[str]:
    """Every value made, person by person, without the empty ones."""
    columns = (
        people.name, people.word, people.identity, people.phone, people.fax, people.email, people.portal_id,
        people.address,
    )  # fmt: skip
    return [value for values in zip(*columns, strict=True) for value in values if value]


def make_officers(seed: int, agencies: int) -> People:
    """Some officers for each agency, agency by agency."""
    return make_people(np.random.default_rng([seed, 21]), agencies * OFFICERS_PER_AGENCY)
