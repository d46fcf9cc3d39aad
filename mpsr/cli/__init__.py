"""The command line: arguments → pipeline or service → text or JSON."""
