"""What happens to one frame: faces are found, tracked, aligned and read. No Qt; no file but the networks."""
