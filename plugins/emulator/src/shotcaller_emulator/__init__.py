"""Is the gateways' HTTP APIs on this machine for Shotcaller: real MP4s, a ledger, faults on demand."""
