"""Is the present dialect: HeyGen's own models, with keys against paying twice."""
