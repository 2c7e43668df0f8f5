from village import Village


def test_evidence_calls_what_the_head_says_by_its_name() -> None:
    village = Village("""
rulebook "Village"
  timezone Asia/Shanghai
  language en
  purpose "slow reading"

rule 1 "Welcome"
  should
  on join
  if community.purpose is not empty and not (community.name contains "x")
  then remind
""")
    (outcome,) = village.send("09:00", "amy", "join").outcomes
    assert [(one["kind"], one.get("field") or one.get("what")) for one in outcome.evidence] == [
        ("present", "community.purpose"),
        ("no_match", "community.name"),
    ]
