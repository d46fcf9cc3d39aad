"""Train the picture encoder of the embedded profile."""
