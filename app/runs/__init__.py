"""Many files measured, each exactly once: lists and shards, claims, processes, clusters, and run.csv."""
