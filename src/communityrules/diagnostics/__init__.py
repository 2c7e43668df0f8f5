"""Sources, spans and coded messages. Knows nothing of rules."""
