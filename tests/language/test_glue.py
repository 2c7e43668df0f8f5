from __future__ import annotations

import pytest

from communityrules.language.glue import unglue

KNOWN = ("广告", "刷屏", "广告词", "或者", "repeated", "abusive")


@pytest.mark.parametrize(
    ("name", "mended"),
    [
        ("广告或刷屏", "广告 或 刷屏"),
        ("广告或刷屏且广告", "广告 或 刷屏 且 广告"),
        ("广告词或刷屏", "广告词 或 刷屏"),
        ("repeatedorabusive", "repeated or abusive"),
        ("广告", None),
        ("广告刷屏", None),
        ("广告或", None),
        ("或刷屏", None),
        ("广告或推广", None),
        ("或者", None),
        ("或" * 1_000, None),
        ("", None),
    ],
)
def test_words_written_together(name: str, mended: str | None) -> None:
    assert unglue(name, KNOWN) == mended
