"""Actions of the face: how far brows, lids, cheeks, nose, lips and chin have moved, from the landmarks."""
