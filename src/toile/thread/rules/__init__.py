"""The thread's rules: when people are told."""
