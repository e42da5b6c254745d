"""A study: its participants, conditions, stimuli and sessions in one folder, and the tables made of them."""
