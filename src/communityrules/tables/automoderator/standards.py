"""AutoModerator's standard conditions, with lists of our own: what it keeps for them is not part of a file."""

from __future__ import annotations

from typing import Final

from communityrules.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Standard:
    """A named condition: domains of links that are posted, or an expression for any address in the text, too."""

    domains: tuple[str, ...] = ()
    address: str | None = None


def _domains(text: str) -> Standard:
    return Standard(tuple(text.split()))


#: By name, in small letters.
STANDARDS: Final[dict[str, Standard]] = {
    "image hosting sites": _domains(
        "imgur.com flickr.com flic.kr photobucket.com imageshack.com postimg.cc imgbb.com ibb.co tinypic.com "
        "gyazo.com prnt.sc giphy.com gfycat.com i.redd.it deviantart.com 500px.com smugmug.com"
    ),
    "direct image links": Standard(address=r"\.(?:png|jpe?g|gifv?|webp)(?:[?#]|$)"),
    "video hosting sites": _domains(
        "youtube.com youtu.be vimeo.com dailymotion.com dai.ly twitch.tv streamable.com liveleak.com bilibili.com "
        "b23.tv tiktok.com v.redd.it rumble.com odysee.com youku.com"
    ),
    "streaming sites": _domains(
        "twitch.tv kick.com ustream.tv dlive.tv livestream.com mixlr.com afreecatv.com huya.com douyu.com"
    ),
    "crowdfunding sites": _domains(
        "kickstarter.com indiegogo.com gofundme.com patreon.com ko-fi.com buymeacoffee.com fundrazr.com "
        "crowdrise.com rockethub.com youcaring.com gofund.me generosity.com"
    ),
    "meme generator sites": _domains(
        "memegenerator.net imgflip.com quickmeme.com qkme.me memecrunch.com makeameme.org weknowmemes.com "
        "memedad.com livememe.com troll.me"
    ),
    "facebook links": Standard(address=r"\b(?:facebook\.com|fb\.com|fb\.me|fb\.watch|fbcdn\.net|facebook\.net)\b"),
    "amazon affiliate links": Standard(
        address=r"amazon\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})/\S*[?&](?:tag|linkcode|ascsubtag)=|\bamzn\.to/"
    ),
}
