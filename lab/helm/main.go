// Renders a chart with its own values, as `helm template` does, one document after the other.
package main

import (
	"fmt"
	"log"
	"os"
	"sort"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

func main() {
	chart, err := loader.Load(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	values, err := chartutil.ToRenderValues(chart, nil, chartutil.ReleaseOptions{Name: "check"}, nil)
	if err != nil {
		log.Fatal(err)
	}
	rendered, err := engine.Render(chart, values)
	if err != nil {
		log.Fatal(err)
	}
	names := make([]string, 0, len(rendered))
	for name := range rendered {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Printf("---\n%s\n", rendered[name])
	}
}
