module tranship.dev/lab/probe

go 1.24.0
