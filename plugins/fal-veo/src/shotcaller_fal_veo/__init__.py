"""Is Google Veo through fal.ai for Shotcaller."""
