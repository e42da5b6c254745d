"""The task of eye centres: its data, checks, figures and reports."""
