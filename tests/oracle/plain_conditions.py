"""The plain interpreter: whether conditions hold."""

from __future__ import annotations

from typing import Any

from plain_texts import Texts
from plain_values import kind_of

from communityrules.checker import checked
from communityrules.library.fold import fold_text

STAFF = ("owner", "admin", "moderator", "service")


class Conditions(Texts):
    """Adds conditions."""

    def test(self, node: Any) -> bool:
        match node:
            case checked.Not():
                return not self.test(node.operand)
            case checked.Logic():
                if node.operator == "and":
                    return all(self.test(one) for one in node.operands)
                return any(self.test(one) for one in node.operands)
            case checked.AtLeast():
                return len(self.first_true(node)) >= node.number
            case checked.Compare():
                return self.compare(node)
            case checked.InRange():
                return self.in_range(node)
            case checked.Contains():
                return self.contains(node)
            case checked.OneOf():
                return self.one_of(node)
            case checked.Affix():
                text = self.value(node.operand)
                return text is not None and self.affix(node, text) is not None
            case checked.Matches():
                return self.fits(node) is not None
            case checked.Empty():
                return self.empty(self.value(node.operand)) != node.negated
            case checked.InGroup():
                return self.member_of(node.group)
            case checked.DefinitionRef():
                return self.test(self.book.definitions[node.name])
            case _:
                return self.value(node) is True

    def first_true(self, node: checked.AtLeast) -> list[Any]:
        found: list[Any] = []
        for one in node.conditions:
            if len(found) == node.number:
                break
            if self.test(one):
                found.append(one)
        return found

    def member_of(self, group: str) -> bool:
        if group == "everyone":
            return True
        if group == "staff" and "staff" not in self.book.groups:
            return self.subject is not None and any(fold_text(role) in STAFF for role in self.subject.roles)
        return self.test(self.book.groups[group]) if self.subject is not None else False

    def about(self, group: str) -> bool:
        """Whether the event is about a member of the group, or about the group as a whole."""
        return self.member_of(group) or (not self.sender_is_subject and self.event.subject_group == group)

    def empty(self, value: Any) -> bool:
        if value is None:
            return True
        return not value.strip() if isinstance(value, str) else isinstance(value, tuple) and not value

    def compare(self, node: checked.Compare) -> bool:
        left = self.side(node.left, kind_of(node.right), node.exactly)
        if left is None:
            return False
        right = self.side(node.right, kind_of(node.left), node.exactly)
        if right is None:
            return False
        match node.operator:
            case "is":
                return bool(left == right)
            case "is_not":
                return bool(left != right)
            case "<":
                return bool(left < right)
            case "<=":
                return bool(left <= right)
            case ">":
                return bool(left > right)
            case _:
                return bool(left >= right)

    def in_range(self, node: checked.InRange) -> bool:
        operand = self.side(node.operand, kind_of(node.low), True)
        if operand is None:
            return False
        ends = []
        for end in (node.low, node.high):
            value = self.side(end, kind_of(node.operand), True)
            if value is None:
                return False
            ends.append(value)
        low, high = ends
        if kind_of(node.low) == "time_of_day":
            inside = low <= operand < high if low <= high else operand >= low or operand < high
        else:
            inside = low <= operand <= high
        return bool(inside) != node.outside

    def one_of(self, node: checked.OneOf) -> bool:
        kind = kind_of(node.operand)
        wanted = next((kind_of(one) for one in node.items if isinstance(one, checked.Const)), kind)
        operand = self.side(node.operand, wanted, True)
        if operand is None:
            return False
        # What stands in the rules is looked at before what must be worked out.
        fixed = (checked.Const, checked.ListRef, checked.DetectorRef)
        items = sorted(node.items, key=lambda item: not isinstance(item, fixed))
        found = any(self.is_item(node, operand, item) for item in items)
        return found != node.negated

    def is_item(self, node: checked.OneOf, operand: Any, item: Any) -> bool:
        kind = kind_of(node.operand)
        if isinstance(item, checked.DetectorRef):
            spans = self.library.detectors[item.name].find(operand)
            return any((one.start, one.end) == (0, len(operand)) for one in spans)
        if isinstance(item, checked.ListRef):
            words = self.book.lists[item.name]
            if kind != "text" or node.exactly or words.exactly:
                return operand in words.items
            return any(fold_text(operand) == fold_text(word) for word in words.items)
        value = self.side(item, kind, True)
        if value is None:
            return False
        if kind == "text" and kind_of(item) == "text" and not node.exactly:
            return fold_text(operand) == fold_text(value)
        return bool(operand == value)
