"""Studies whose figures entered nowhere. Nothing that calibrates may import this folder."""
