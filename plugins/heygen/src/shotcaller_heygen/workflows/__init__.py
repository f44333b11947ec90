"""Is the old dialect: one call, ``GenerateVideoNode``, in front of others' models."""
