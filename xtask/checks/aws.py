"""Hands every ECS request below a folder to the aws CLI, which checks names and types offline.

One process for all of them: a start of the CLI costs more than a hundred checks.
"""

import contextlib
import io
import os
import pathlib
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "none")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "none")

from awscli.clidriver import create_clidriver

OPERATIONS = {
    "taskdef": "register-task-definition",
    "service": "create-service",
    "job": "run-task",
}

driver = create_clidriver()
failures = requests = 0
for folder, operation in OPERATIONS.items():
    for path in sorted(pathlib.Path(sys.argv[1]).rglob(f"ecs*/{folder}/*.json")):
        requests += 1
        said = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            code = driver.main(
                ["ecs", operation, "--cli-input-json", f"file://{path}", "--generate-cli-skeleton", "output"]
            )
        if code:
            failures += 1
            print(f"{path}: {said.getvalue().strip()}"[:600])
print(f"{requests} requests, {failures} refused")
sys.exit(1 if failures or not requests else 0)
