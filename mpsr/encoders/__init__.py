"""Encoders of words and pictures: profiles, weights, devices, streaming."""
