"""Reading tables of rules from strangers' files, within limits.

    from communityrules.tables.sheets.reading import read_tables

    tables = read_tables("规则.xlsx")                      # or bytes, with a name; Refused says why not, with a code
    for table in tables.tables:                            # kind: rules | process | matrix
        for row in table.rows:
            row.text("content"), row.at("content")         # what stands there, and where: `规则!C4`
    tables.skipped                                         # every other row that holds something, and why
    tables.notes, tables.diagnostics                       # what a person should know of the file

`opening` reads a file into the plain model of `model` (one reader for each kind of file: `xlsx`, `xls`, `ods`,
`plain`), counting everything against `limits` while it reads. `finding`, `matrix` and `mapping` find tables in a sheet
by what `headings` knows of heads. `identity`, `dates` and `scopes` say what single cells mean.
"""
