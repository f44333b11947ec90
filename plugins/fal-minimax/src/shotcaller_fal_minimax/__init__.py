"""Is MiniMax Hailuo and H3 through fal.ai for Shotcaller."""
