"""What the documentation draws and lists from the code: drawings of ours as SVG, and the page of the measures."""
