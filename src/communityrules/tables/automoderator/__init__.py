"""Reddit AutoModerator: its YAML, its checks, its actions."""
