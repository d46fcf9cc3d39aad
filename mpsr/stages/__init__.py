"""What a build does: one stage a file. `mpsr.pipeline` lists them in order."""
