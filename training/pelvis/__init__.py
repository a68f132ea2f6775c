"""The pelvis seen: data, network and training for iliac spines, hip centres and the pelvis's angles."""
