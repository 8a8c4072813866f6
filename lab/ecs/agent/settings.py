"""What `cargo xtask lab up ecs` tells the agent, by its environment."""

import os

# The Docker network every awsvpc task gets its one address from.
NETWORK = os.environ["LAB_NETWORK"]
# The address of that network's bridge: names are answered and metadata is served there.
GATEWAY = os.environ["LAB_GATEWAY"]
# The image that holds a task's network while its containers come and go.
PAUSE_IMAGE = os.environ["LAB_PAUSE_IMAGE"]
# The account whose keys the laboratory gives out; the emulator's default.
ACCOUNT = "000000000000"
REGION = os.environ["MINISTACK_REGION"]
