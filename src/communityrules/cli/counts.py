"""How many there are of something, in words: `1 test`, `2 tests`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing that is counted: with one of it, and with any other number."""

    one: Bilingual
    many: Bilingual

    def words(self, number: int, language: Language) -> str:
        return (self.one if abs(number) == 1 else self.many).fill(language, {"n": str(number)})


RULES: Final = Counted(Bilingual("{n} rule", "{n} 条规则"), Bilingual("{n} rules", "{n} 条规则"))
TESTS: Final = Counted(Bilingual("{n} test", "{n} 个测试"), Bilingual("{n} tests", "{n} 个测试"))
EXPECTATIONS: Final = Counted(Bilingual("{n} expectation", "{n} 个预期"), Bilingual("{n} expectations", "{n} 个预期"))
