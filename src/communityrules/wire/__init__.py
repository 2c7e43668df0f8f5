"""The wire contract: events in as JSON, decisions out as JSON, and the schemas of both."""
