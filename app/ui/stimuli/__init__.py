"""What a participant sees: stimuli on a screen of their own, questions, and when each was shown."""
