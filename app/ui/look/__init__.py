"""How the window looks and speaks: themes, colours, motion, words."""
