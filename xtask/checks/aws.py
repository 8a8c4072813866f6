"""Holds every ECS request below a folder against the aws CLI's own model of the API.

The first request of each kind goes through the CLI itself (`--cli-input-json … --generate-cli-skeleton
output`); the others through the validator the CLI calls for that, because a pass through the whole
CLI costs a hundred times as much and there are thousands of them.
"""

import contextlib
import io
import json
import os
import pathlib
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "none")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "none")

import awscli.botocore.session
from awscli.clidriver import create_clidriver
from awscli.botocore.validate import ParamValidator

OPERATIONS = {
    "taskdef": ("register-task-definition", "RegisterTaskDefinition"),
    "service": ("create-service", "CreateService"),
    "job": ("run-task", "RunTask"),
}
THROUGH_THE_CLI = 5
# For this one the CLI refuses the sample answer it makes itself (a time-out of 0 minutes).
BROKEN_SAMPLE = "create-service"

model = awscli.botocore.session.get_session().get_service_model("ecs")


def through_the_cli(driver, command, path):
    said = io.StringIO()
    arguments = ["ecs", command, "--cli-input-json", f"file://{path}", "--generate-cli-skeleton", "output"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        code = driver.main(arguments)
    return said.getvalue().strip() if code else ""


def through_the_validator(operation, path):
    shape = model.operation_model(operation).input_shape
    report = ParamValidator().validate(json.loads(path.read_text()), shape)
    return report.generate_report() if report.has_errors() else ""


failures = requests = 0
for folder, (command, operation) in OPERATIONS.items():
    # A driver keeps what it learned of the first operation it runs.
    driver = create_clidriver()
    paths = sorted(pathlib.Path(sys.argv[1]).rglob(f"ecs*/{folder}/*.json"))
    for number, path in enumerate(paths):
        requests += 1
        fault = through_the_validator(operation, path)
        if not fault and command != BROKEN_SAMPLE and number < THROUGH_THE_CLI:
            fault = through_the_cli(driver, command, path)
        if fault:
            failures += 1
            print(f"{path}: {fault}"[:600])
print(f"{requests} requests, {failures} refused")
sys.exit(1 if failures or not requests else 0)
