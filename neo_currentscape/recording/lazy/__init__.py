"""Signals that stay in their file: read chunk by chunk, in as much memory as a chunk needs."""
