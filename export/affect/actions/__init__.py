"""Actions of the face: the mesh, weights and scales that the app measures them by, and how good they are."""
