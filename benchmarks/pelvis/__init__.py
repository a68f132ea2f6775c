"""What a network that sees the pelvis is worth, held against the gate that it must pass to be used."""
