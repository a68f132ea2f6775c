"""Speed: what an analysis costs beside the bare pose model."""
