"""The audit log: every decision in an append-only, hash-chained file, personal texts beside it.

`records` seals and opens one line, `following` the links between lines, `private` takes personal texts out of a
decision, `texts` keeps them in the file beside the log, `writing` appends, `verifying` looks for what has been changed,
`erasing` takes texts away for good, `heads` keeps and signs the end of the chain.
"""
