"""Validates every document of the YAML files below a folder against Kubernetes' own schema, strictly."""

import pathlib
import sys

import kubernetes_validate
import yaml

VERSION = "1.34"

failures = documents = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("kubernetes/**/*.yaml")):
    for document in yaml.load_all(path.read_text(), yaml.CSafeLoader):
        documents += 1
        try:
            kubernetes_validate.validate(document, VERSION, strict=True)
        except Exception as error:
            failures += 1
            where = ".".join(str(step) for step in getattr(error, "path", []))
            print(f"{path}: {where}: {getattr(error, 'message', error)}"[:400])
print(f"{documents} documents, {failures} refused")
sys.exit(1 if failures or not documents else 0)
