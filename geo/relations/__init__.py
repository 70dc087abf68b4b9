"""Relations: who stands how toward whom, and places in accords."""
