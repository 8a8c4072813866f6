"""Reads one YAML file and prints it as JSON, as PyYAML takes it."""

import json
import sys

import yaml

print(json.dumps(yaml.load(open(sys.argv[1], encoding="utf-8"), yaml.CSafeLoader), default=str))
