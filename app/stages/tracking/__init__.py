"""Who is who from frame to frame: ids, and cuts to another picture."""
