"""Is ByteDance Seedance through fal.ai for Shotcaller."""
