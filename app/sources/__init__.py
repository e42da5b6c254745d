"""Where frames come from: cameras and files, and what goes wrong with them."""
