"""Photos, videos and papers, kept by their content."""
