"""Starts the emulator with the agent in it."""

import sys

import ministack.services.ecs as ecs
from ministack.app import main

# Importing these puts them around the emulator's own.
from . import balancer, formation, names, observer, services, tasks  # noqa: F401

# A task that ends within this many seconds of its start never was steady.
ecs._ECS_DEPLOYMENT_STEADY_DELAY = 2.0
formation.install()
names.serve()
balancer.begin()
observer.begin()
sys.argv = ["ministack"]
main()
