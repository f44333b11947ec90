"""Emulates the gateways' HTTP APIs: real MP4s, a ledger, faults on demand."""
