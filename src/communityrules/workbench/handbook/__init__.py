"""The handbook of a rulebook: what it says, as members of the community read it, and how it has changed.

`reading.read_handbook` makes the data; `page`, `document` and `sheets` write it as a web page, as Markdown and as a
workbook. All texts in the data are plain: whoever writes them out escapes them.
"""
