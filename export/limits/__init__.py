"""What the program can do: where its limits and constants come from, and how its speed has changed."""
