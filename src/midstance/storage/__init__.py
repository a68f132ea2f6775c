"""Files in and out: landmarks as CSV, the results as JSON and CSV, and the folder that holds them."""
