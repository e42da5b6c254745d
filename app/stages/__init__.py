"""What happens to one frame: faces found, followed, aligned, read, smoothed. No Qt, no files, no clocks."""
