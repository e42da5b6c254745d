"""Faces with another expression: the training of LGP-GAN, its export, and how good made faces are."""
