// Reads one YAML file and prints it as JSON, once as Kubernetes' reader takes it and once as
// yaml.v3 does.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	yaml3 "gopkg.in/yaml.v3"
	k8s "sigs.k8s.io/yaml"
)

func main() {
	text, err := os.ReadFile(os.Args[2])
	fail(err)
	var value any
	switch os.Args[1] {
	case "kubernetes":
		fail(k8s.Unmarshal(text, &value))
	case "v3":
		fail(yaml3.Unmarshal(text, &value))
	}
	fail(json.NewEncoder(os.Stdout).Encode(value))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
