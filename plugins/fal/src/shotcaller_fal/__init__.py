"""Is fal.ai's queue for Shotcaller: keys, submit, poll, cancel, upload, and every endpoint by name."""
