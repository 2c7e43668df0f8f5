"""Why the operating system did not do what was asked of a file, in words of both languages.

Its own words come in one language, and not in the reader's.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

from communityrules.diagnostics.message import Bilingual

_DENIED: Final = Bilingual("permission is denied", "没有权限")
_TOO_MANY: Final = Bilingual("too many files are open", "打开的文件太多")
_NO_DEVICE: Final = Bilingual("there is no device behind it", "它背后没有设备")

#: By the name that POSIX gives the error: numbers differ between systems, and not every system has all of them.
REASONS: Final[Mapping[str, Bilingual]] = {
    "EACCES": _DENIED,
    "EBADF": Bilingual("it is closed", "它已关闭"),
    "EBUSY": Bilingual("something else is using it", "它正被占用"),
    "EDQUOT": Bilingual("your share of the disk is used up", "磁盘配额已用完"),
    "EEXIST": Bilingual("it is there already", "它已经存在"),
    "EFBIG": Bilingual("it would become too large", "它会超出文件大小上限"),
    "EINVAL": Bilingual("this cannot be done with it", "它不支持这一操作"),
    "EIO": Bilingual("the disk does not take or give it", "磁盘读写失败"),
    "EISDIR": Bilingual("it is a folder", "它是目录"),
    "ELOOP": Bilingual("its links lead round in a circle", "链接兜了圈子"),
    "EMFILE": _TOO_MANY,
    "ENAMETOOLONG": Bilingual("its name is too long", "名称太长"),
    "ENFILE": _TOO_MANY,
    "ENODEV": _NO_DEVICE,
    "ENOENT": Bilingual("it does not exist", "它不存在"),
    "ENOMEM": Bilingual("there is not enough memory", "内存不足"),
    "ENOSPC": Bilingual("there is no room left on the disk", "磁盘空间已满"),
    "ENOTDIR": Bilingual("a part of its path is a file, not a folder", "路径中有一段是文件,不是目录"),
    "ENOTEMPTY": Bilingual("the folder is not empty", "目录不是空的"),
    "ENXIO": _NO_DEVICE,
    "EPERM": _DENIED,
    "EPIPE": Bilingual("nobody reads it any more", "读取的一方已经离开"),
    "EROFS": Bilingual("its file system may only be read", "所在的文件系统只读"),
    "ESTALE": Bilingual("its server does not know it any more", "文件服务器已不认得它"),
    "ETIMEDOUT": Bilingual("it did not answer in time", "等待回应超时"),
    "ETXTBSY": Bilingual("it is a program that is running", "它是正在运行的程序"),
}
_OTHER: Final = Bilingual(
    "the system gives error {number}, {name}; look that up to learn more",
    "系统给出错误 {number}({name}),可据此查找详情",
)
_NONE: Final = Bilingual("the system gives no reason", "系统没有给出原因")


def reason(error: OSError) -> Bilingual:
    """Why it failed; the error's number and name where it is nothing that people usually meet."""
    number = error.errno
    if number is None:
        return _NONE
    name = errno.errorcode.get(number, "?")
    known = REASONS.get(name)
    if known is not None:
        return known
    said = {"number": str(number), "name": name}
    return Bilingual(_OTHER.fill("en", said), _OTHER.fill("zh", said))
