"""The registry's own templates of lists: written for people to fill in, known again when they come back."""
