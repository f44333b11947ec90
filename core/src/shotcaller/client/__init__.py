"""Offers everything to callers: ``Shotcaller``, and ``AsyncShotcaller`` alike."""
