"""communityrules: a community's rule table, made executable."""
