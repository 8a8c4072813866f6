"""What the laboratory's ECS emulator leaves out: an agent that runs tasks as Fargate would.

The emulator keeps the records of the API; this package puts functions of its own around those of
the emulator that start, watch and stop containers, and answers the names of Cloud Map.
"""
