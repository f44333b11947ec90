"""Is Kling through fal.ai for Shotcaller."""
