"""What AutoModerator's fields are called here, and which of them a host has to send.

A post is a `message`, a comment is one that answers another. What has no place in the library is declared in the
rulebook: `event message (title: text …)`, `member (comment_karma: number …)`.
"""

from __future__ import annotations

from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass

#: What a rule can be about.
Kind = Literal["submission", "comment"]
#: Where the rulebook is to run: a forum sends titles and links apart from the text; in a chat all is one text.
Host = Literal["forum", "chat"]

SUBMISSIONS: Final[frozenset[Kind]] = frozenset({"submission"})
COMMENTS: Final[frozenset[Kind]] = frozenset({"comment"})
ALL_KINDS: Final[frozenset[Kind]] = SUBMISSIONS | COMMENTS


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the paths that hold it, any of them; which kinds of posts have it."""

    paths: tuple[str, ...]
    kinds: frozenset[Kind] = ALL_KINDS
    #: Its type where the rulebook must declare it.
    declared: str | None = "text"
    #: Said where it stands for something not quite the same.
    why: Bilingual | None = None
    #: A path that holds it as an id, which is compared whole and as written.
    identity: str | None = None


_ONE_TEXT: Final = Bilingual("a chat has no titles: the whole text is looked at", "聊天没有标题:改为查看整段文本")
_LINKS: Final = Bilingual(
    "a chat has no link posts: every link in the text is looked at", "聊天没有链接帖:改为查看文本中的所有链接"
)

#: Of a post or comment itself.
BASE: Final[dict[str, Field]] = {
    "id": Field((), declared=None, identity="message.id"),
    "body": Field(("message.text",), declared=None),
    "title": Field(("message.title",), SUBMISSIONS),
    "domain": Field(("message.domain",), SUBMISSIONS),
    "url": Field(("message.url",), SUBMISSIONS),
    **{
        name: Field((f"message.{name}",), SUBMISSIONS)
        for name in (
            "flair_text", "flair_css_class", "flair_template_id", "media_author", "media_author_url", "media_title",
            "media_description", "poll_option_text", "poll_option_count", "crosspost_id", "crosspost_title",
        )
    },
}  # fmt: skip
_CHAT: Final[dict[str, Field]] = {
    **BASE,
    "title": Field(("message.text",), SUBMISSIONS, None, _ONE_TEXT),
    "domain": Field(("message.links",), SUBMISSIONS, None, _LINKS),
    "url": Field(("message.links",), SUBMISSIONS, None, _LINKS),
}
#: Of whoever wrote it.
AUTHOR: Final[dict[str, Field]] = {
    "id": Field((), declared=None, identity="member.id"),
    # Many hosts send a name that is unique as the id, and no other.
    "name": Field(("member.name",), declared=None, identity="member.id"),
    **{name: Field((f"member.{name}",)) for name in ("flair_text", "flair_css_class", "flair_template_id")},
}
#: The post under which a comment stands: the topic is its id.
_PARENT: Final[dict[str, Field]] = {
    "id": Field(("message.topic",), COMMENTS, None),
    **{name: Field((f"message.parent_{name}",), COMMENTS) for name in BASE if name != "id"},
}
_CROSSPOST_AUTHOR: Final = {
    name: Field((f"message.crosspost_author_{name}",), SUBMISSIONS) for name in AUTHOR
}  # fmt: skip
_CROSSPOST_PLACE: Final = {"name": Field(("message.crosspost_subreddit",), SUBMISSIONS)}
_PLACE: Final = {
    "name": Field(("event.community",), declared=None),
    "event_label": Field(("message.event_label",)),
}

#: Parts of a rule that are about something else than the post, with the fields of each.
SUBGROUPS: Final[dict[str, dict[str, Field]]] = {
    "author": AUTHOR,
    "parent_submission": _PARENT,
    "crosspost_author": _CROSSPOST_AUTHOR,
    "crosspost_subreddit": _CROSSPOST_PLACE,
    "subreddit": _PLACE,
}


def base_fields(host: Host) -> dict[str, Field]:
    """The fields of a post."""
    return _CHAT if host == "chat" else BASE


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number or length of a member, compared."""

    path: str
    kind: Literal["number", "duration"]


def thresholds(owner: str) -> dict[str, Threshold]:
    """What of a member is compared with a limit; `owner` is `member.` or how a message names another's."""
    numbers = (
        "comment_karma", "post_karma", "combined_karma", "comment_subreddit_karma", "post_subreddit_karma",
        "combined_subreddit_karma",
    )  # fmt: skip
    found = {name: Threshold(f"{owner}{name}", "number") for name in numbers}
    found["link_karma"] = Threshold(f"{owner}post_karma", "number")
    found["account_age"] = Threshold(f"{owner}account_age", "duration")
    return found


#: Marks of a post that a host sends as true or false, with whose they are.
FLAGS: Final[dict[str, tuple[str, frozenset[Kind]]]] = {
    "is_top_level": ("message.top_level", COMMENTS),
    "is_original_content": ("message.original_content", SUBMISSIONS),
    "is_meta_discussion": ("message.meta_discussion", SUBMISSIONS),
    "past_archive_date": ("message.past_archive_date", SUBMISSIONS),
}
#: Kinds of posts by what they hold; the host says which in `message.post_type`.
POST_TYPES: Final = {"is_poll": "poll", "is_gallery": "gallery"}
#: Marks of a member.
MEMBER_FLAGS: Final[dict[str, str]] = {
    "is_gold": "gold",
    "has_verified_email": "verified_email",
}
#: From worst to best.
QUALITIES: Final = ("lowest", "low", "moderate", "high", "highest")
