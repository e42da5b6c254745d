"""The affect task: its networks, teachers, figures and reports, and weights back out of what ships."""
