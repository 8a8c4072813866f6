// Package compose pins docker compose, whose main package is built from here: what that package
// imports is named, so that the checksums of all of it are kept.
package compose

import (
	_ "github.com/docker/compose/v5/cmd/cmdtrace"
	_ "github.com/docker/compose/v5/cmd/compatibility"
	_ "github.com/docker/compose/v5/cmd/compose"
	_ "github.com/docker/compose/v5/cmd/prompt"
)
