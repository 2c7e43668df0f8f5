"""Drafting from prose: what the words of a rule say in recognisable ways becomes clauses.

`draft.draft_rule` drafts one rule, `tabling.draft_table` the rows of a table, `prose.draft_prose` a document with
numbered rules. `phrases/` holds the phrases that are recognised, one subject a file, Chinese and English beside each
other; `reading.py` is the grammar that goes over a text with them. What is not understood is left as a `todo`, and
nothing is drafted that the words do not say: where something had to be assumed, a comment says so.
"""
