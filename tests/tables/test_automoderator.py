"""What becomes of AutoModerator's constructs, and that the rules act."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from imports import Community, does, grades, imported, part

from communityrules.language.tree import Rule
from communityrules.tables.reading import Refused

DATA = Path(__file__).parents[3] / "shared" / "data" / "rulebooks"


# --- conditions ------------------------------------------------------------------------------------------------


def test_words_in_titles_and_bodies() -> None:
    club = Community(imported("title+body: [muppet, free kittens]\naction: remove"))
    assert club.verdict("You MUPPET!") == "block"
    assert club.verdict("", title="Free kittens here") == "block"
    assert club.verdict("muppets", title="kittens, free") == "allow"


def test_types() -> None:
    rule = "type: {}\nbody (includes): sale\naction: remove"
    posts: dict[str, dict[str, Any]] = {
        "comment": {"reply_to": "m0"}, "text submission": {}, "link submission": {"url": "https://a.example"},
    }  # fmt: skip
    for kind, hit in {
        "any": set(posts), "comment": {"comment"}, "submission": {"text submission", "link submission"},
        "text submission": {"text submission"}, "link submission": {"link submission"},
    }.items():  # fmt: skip
        written = imported(rule.format(kind))
        assert grades(written)["type"] == "exact"
        club = Community(written)
        assert {name for name, post in posts.items() if club.verdict("sale", **post) == "block"} == hit, kind


def test_what_only_submissions_have_makes_a_rule_about_submissions() -> None:
    club = Community(imported("body: sale\nset_nsfw: true\naction: report"))
    assert club.verdict("sale") == "flag"
    assert club.verdict("sale", reply_to="m0") == "allow"


def test_karma_and_age() -> None:
    text = """
author:
    comment_karma: "< 5"
    account_age: < 2 weeks
    satisfy_any_threshold: {}
action: filter
"""
    known: dict[str, Any] = {"comment_karma": 3, "account_age": 30 * 86_400}
    assert Community(imported(text.format("true"))).send(member={"id": "amy", **known}).verdict == "hold"
    assert Community(imported(text.format("false"))).send(member={"id": "amy", **known}).verdict == "allow"
    assert Community(imported(text.format("true"))).send(member="amy").verdict == "allow"


@pytest.mark.parametrize(
    ("said", "grade"),
    [("< 3 days", "exact"), ("> 12", "exact"), ("3 hours", "exact"), ("< 2 months", "approximate"), ("soon", "not")],
)
def test_ages_in_every_unit(said: str, grade: str) -> None:
    written = imported(f"author:\n  account_age: '{said}'\nbody: a\naction: remove")
    assert grades(written)["author.account_age"] == grade


def test_moderators_are_exempt_from_removal_unless_the_rule_says_otherwise() -> None:
    mod = {"id": "mo", "roles": ["moderator"]}
    for exempt, verdict in (
        ("", "allow"),
        ("moderators_exempt: false\n", "block"),
        ("moderators_exempt: true\n", "allow"),
    ):
        club = Community(imported(f"body: sale\n{exempt}action: remove"))
        assert club.verdict("sale", member=mod) == verdict
        assert club.verdict("sale") == "block"
    spoken = Community(imported("body: sale\ncomment: hello"))
    assert does(spoken.send(text="sale", member=mod)) == ["reply"]


def test_names_of_authors() -> None:
    club = Community(imported("author: [bob, amy-x]\naction: report"))
    assert club.send(member="bob").verdict == "flag"
    assert club.send(member={"id": "u7", "name": "Amy-X"}).verdict == "flag"
    assert club.send(member="bobby").verdict == "allow"
    spared = Community(imported("body: sale\n~author: bob\naction: report"))
    assert spared.verdict("sale", member="bob") == "allow"
    assert spared.verdict("sale") == "flag"


def test_groups_by_role() -> None:
    club = Community(imported("author:\n    is_contributor: false\nbody: sale\naction: filter"))
    assert club.verdict("sale") == "hold"
    assert club.verdict("sale", member={"id": "eve", "roles": ["contributor"]}) == "allow"


def test_reports() -> None:
    written = imported("reports: 3\naction: remove\nmodmail: Look at this")
    club = Community(written)
    club.send(text="hm", id="post")
    target = {"message": "post", "member": "amy"}
    verdicts = [club.send("report", member, target=target).verdict for member in ("bob", "eve", "joe")]
    assert verdicts == ["allow", "allow", "block"]
    assert grades(written)["reports"] == "approximate"
    assert grades(imported("reports: 1\naction: report")) == {"reports": "exact", "action": "exact"}


def test_edits() -> None:
    edited = Community(imported("body: sale\nis_edited: true\naction: remove"))
    assert edited.verdict("sale") == "allow"
    assert edited.send("edit", text="sale", id="m1").verdict == "block"
    fresh = Community(imported("body: sale\nis_edited: false\naction: remove"))
    assert fresh.verdict("sale") == "block"
    assert fresh.send("edit", text="sale", id="m1").verdict == "allow"


def test_lengths_do_not_count_signs_at_the_ends() -> None:
    club = Community(imported("type: text submission\nbody_shorter_than: 5\naction: remove"))
    assert [club.verdict(one) for one in ("abcd!!!!", "abcde", "", "  a c  ")] == ["block", "allow", "block", "block"]
    longer = Community(imported("body_longer_than: 3\naction: report"))
    assert [longer.verdict(one) for one in ("abc...", "abcd", "a. d")] == ["allow", "flag", "flag"]


def test_domains_and_their_subdomains() -> None:
    club = Community(imported("domain: [shop.example]\naction: remove"))
    for domain, verdict in (("shop.example", "block"), ("m.shop.example", "block"), ("notshop.example", "allow")):
        assert club.verdict(url=f"https://{domain}/", domain=domain) == verdict


def test_domains_in_one_text_are_told() -> None:
    assert "not a list" in part(imported("domain: a.example, b.example\naction: remove"), "domain").why.en


def test_parts_of_other_posts() -> None:
    text = """
type: comment
parent_submission:
    id: [abc1]
    flair_text: "Serious"
crosspost_subreddit:
    name: [elsewhere]
action: remove
"""
    written = imported(text.replace("crosspost_subreddit:\n    name: [elsewhere]\n", ""))
    club = Community(written)
    assert club.verdict("ha", reply_to="m0", topic="abc1", parent_flair_text="serious") == "block"
    assert club.verdict("ha", reply_to="m0", topic="abc2", parent_flair_text="serious") == "allow"
    assert set(grades(written).values()) == {"exact"}


def test_in_a_chat_all_is_one_text() -> None:
    written = imported("title: sale\ndomain: shop.example\naction: remove", host="chat")
    assert grades(written) == {"title": "approximate", "domain": "approximate", "action": "exact"}
    club = Community(written)
    assert club.verdict("a sale at https://www.shop.example/x") == "block"
    assert club.verdict("a sale") == "allow"


def test_quality_of_contributors() -> None:
    club = Community(imported("author:\n  contributor_quality: '< moderate'\nbody: a\naction: filter"))
    sent = [club.verdict("a", member={"id": "x", "contributor_quality": one}) for one in ("low", "moderate", "highest")]
    assert sent == ["hold", "allow", "allow"]


def test_a_check_that_everything_passes_asks_for_nothing() -> None:
    written = imported("type: submission\nid (regex): '.*'\ncomment: see {{match}}")
    assert does(Community(written).send(text="any")) == ["reply"]
    assert grades(written)["id (regex)"] == "exact"


def test_what_a_crosspost_comes_from() -> None:
    written = imported(
        "type: crosspost submission\ncrosspost_subreddit:\n    name: [elsewhere]\ncrosspost_author:\n"
        "    comment_karma: '&lt; 5'\n    set_flair: Guest\naction: filter"
    )
    sent = {"post_type": "crosspost", "crosspost_subreddit": "Elsewhere", "crosspost_author_comment_karma": 3}
    assert does(Community(written).send(**sent)) == ["hold", "alert"]
    assert Community(written).verdict(**{**sent, "crosspost_author_comment_karma": 7}) == "allow"
    assert "alert crosspost_author_flair_guest" in written.text


def test_standard_conditions_stand_for_lists_of_our_own() -> None:
    written = imported("standard: video hosting sites\naction: remove")
    assert Community(written).verdict(domain="youtu.be", url="https://youtu.be/1") == "block"
    assert grades(written)["standard"] == "approximate"
    assert grades(imported("standard: cat sites\naction: remove"))["standard"] == "not"


# --- actions ---------------------------------------------------------------------------------------------------


def test_actions() -> None:
    text = """
body: sale
action: {}
comment: |
    Hello {{{{author}}}}, this {{{{kind}}}} is gone.
message: why
message_subject: About your post
modmail: look
set_flair: [Sold Out, sold]
set_locked: true
author:
    set_flair: Seller
"""
    decision = Community(imported(text.format("spam"))).send(text="sale")
    assert does(decision) == ["delete", "reply", "remind", "notify", "label", "alert", "alert"]
    for word, verdict in (("remove", "block"), ("filter", "hold"), ("report", "flag"), ("approve", "allow")):
        assert Community(imported(text.format(word))).verdict("sale") == verdict
    written = imported(text.format("remove"))
    assert 'reply "Hello {member.name}, this submission is gone."' in written.text
    assert 'remind "About your post\\n\\nwhy"' in written.text
    assert "alert flair_sold_out, alert set_locked" in written.text
    assert grades(written) == {
        "body": "exact", "action": "exact", "comment": "exact", "message": "exact",
        "message_subject": "approximate", "modmail": "exact", "set_flair": "approximate", "set_locked": "approximate",
        "author.set_flair": "approximate",
    }  # fmt: skip


def test_reasons_are_the_words_of_the_rule() -> None:
    written = imported("body: sale\naction: remove\naction_reason: No sales [{{match}}]")
    (outcome,) = Community(written).send(text="sale").outcomes
    assert (outcome.name, outcome.content) == ("No sales", "No sales [{{match}}]")
    assert grades(written)["action_reason"] == "approximate"


def test_what_is_told_of_the_order_of_rules() -> None:
    assert grades(imported("body: a\naction: remove\npriority: 3"))["priority"] == "approximate"
    assert grades(imported("body: a\naction: report\npriority: 3"))["priority"] == "exact"


# --- nothing is lost silently ----------------------------------------------------------------------------------


def test_a_rule_without_one_of_its_conditions_does_nothing() -> None:
    written = imported("body: sale\nauthor:\n  shoe_size: '> 40'\naction: remove\ncomment: bye")
    assert written.todos == 1
    assert Community(written).verdict("sale") == "allow"
    assert '# then delete, reply "bye"' in written.text
    assert grades(written) == {"body": "exact", "author.shoe_size": "not", "action": "not", "comment": "not"}


@pytest.mark.parametrize("key", ["title (: a", "'~': a", "shoe_size: 40", "title (matches): a"])
def test_keys_that_automoderator_does_not_know(key: str) -> None:
    written = imported(f"{key}\naction: remove\ncomment: bye")
    assert set(grades(written).values()) == {"not"}
    assert Community(written).verdict("a", title="a") == "allow"


def test_a_pattern_that_cannot_run_leaves_the_others() -> None:
    written = imported("body (regex): ['(a)\\1', 'sale']\naction: remove")
    assert Community(written).verdict("sale") == "block"
    assert part(written, "body (regex)").grade == "approximate"
    assert written.todos == 1
    # Of what must not be there nothing may be missing.
    assert Community(imported("~body (regex): ['(a)\\1', 'sale']\naction: remove")).verdict("x") == "allow"


def test_the_last_of_two_alike_counts() -> None:
    written = imported("title: a\ntitle: b\naction: remove")
    assert Community(written).verdict(title="a") == "allow"
    assert Community(written).verdict(title="b") == "block"
    assert [(one.line, one.construct) for one in written.imported.account.ordered()] == [
        (1, "title"), (2, "title"), (3, "action"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["body: sale", "action: remove", "priority: 3\naction: remove", "type: any\ncomment: x"]
)
def test_what_automoderator_never_runs_is_left_out_and_told(text: str) -> None:
    written = imported(f"{text}\n---\nbody: other\naction: remove")
    assert len([one for one in written.imported.file.declarations if isinstance(one, Rule)]) == 1
    assert "never runs" in written.imported.account.items[0].why.en


def test_a_broken_part_is_left_to_do_and_the_others_work() -> None:
    written = imported("title: [a\n---\nbody: sale\naction: remove")
    assert Community(written).verdict("sale") == "block"
    assert [one.code for one in written.imported.diagnostics] == ["CR775"]
    assert 'todo "line 2' in written.text


def test_scheduled_posts_are_left_to_do() -> None:
    written = imported("first: June 1, 2026 8:00 AM\nrepeat: 1 week\ntitle: Weekly\ntext: hello")
    assert written.todos == 1
    assert set(grades(written).values()) == {"not"}


@pytest.mark.parametrize("text", ["", "hello", "- a\n- b", "colour: red", "# a remark\n---\n---"])
def test_what_is_no_automoderator_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        imported(text)
    assert [one.code for one in refused.value.diagnostics] == ["CR771"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_not_exact_stands_beside_its_rule(language: str) -> None:
    written = imported("body: sale\naction: spam\nset_sticky: 2", language=language)
    before = written.text.split("rule 1 " if language == "en" else "规则 1 ")[0]
    assert "`action`" in before
    assert "`set_sticky`" in before


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("host", ["forum", "chat"])
def test_files_that_people_run(language: str, host: str) -> None:
    files = sorted(DATA.glob("automod_*.yaml*")) if DATA.is_dir() else []
    if not files:
        pytest.skip("no rulebooks of other people here")
    for file in files:
        data = file.read_bytes()
        text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8")
        written = imported(text, file=file.name, language=language, host=host)
        # Every key with its line; only comments and markers are not in the account.
        told = {one.line for one in written.imported.account.items}
        for number, line in enumerate(text.split("\n"), start=1):
            key = line.split(":")[0].strip()
            if ":" in line and key in ("title", "body", "action", "type", "reports", "modmail", "set_flair", "domain"):
                assert number in told, (file.name, number, line)


# --- where a text begins and ends, whose post it is --------------------------------------------------------------


def test_where_a_title_begins_or_ends_any_edge_is() -> None:
    written = imported("title (regex): ['^.{0,4}$', '^\\w+ for', 'sale$']\naction: remove")
    assert grades(written)["title (regex)"] == "exact"
    club = Community(written)
    assert [club.verdict(title=one) for one in ("(ab)", "swap for x", "a sale")] == ["block"] * 3
    assert [club.verdict(title=one) for one in ("(abc)", "swap forever", "a wholesale")] == ["allow"] * 3


def test_a_post_is_by_its_submitter() -> None:
    for wanted, post, comment in (("true", "block", "allow"), ("false", "allow", "block")):
        club = Community(imported(f"body: sale\nauthor:\n    is_submitter: {wanted}\naction: remove"))
        assert (club.verdict("sale"), club.verdict("sale", reply_to="m0")) == (post, comment)
        assert club.verdict("sale", reply_to="m0", by_submitter=True) == post


def test_an_unknown_type_is_left_to_do_even_where_it_is_the_only_check() -> None:
    written = imported("title: a\naction: report\n---\ntype: image submission\naction: remove")
    assert grades(written)["type"] == "not"
    assert written.todos == 1


def test_what_a_type_of_posts_does_not_have() -> None:
    written = imported("type: submission\nparent_submission:\n    title: a\naction: remove")
    assert part(written, "parent_submission.title").why.en == "posts of this type do not have it"


def test_characters_that_no_rulebook_holds() -> None:
    written = imported('title: "a\\0b"\ncomment: "c\\0d"\naction: remove')
    assert does(Community(written).send(title="a\0b")) == ["delete", "reply"]


def test_a_file_that_is_indented_as_a_whole() -> None:
    written = imported(
        "    ---\n    title: sale\n    action: remove\n\n    ---\n    body: sale\n    comment: |\n        hi\n"
    )
    assert [(one.line, one.construct) for one in written.imported.account.items] == [
        (2, "title"), (3, "action"), (6, "body"), (7, "comment"),
    ]  # fmt: skip
    assert does(Community(written).send(text="sale", title="sale")) == ["delete", "reply"]
