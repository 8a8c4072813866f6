// Kubernetes as one program: every component of a cluster, by its first argument.
//
// No registry of packages carries Kubernetes binaries, but each component is a Go package. One
// program for all of them shares what they have in common, which is most of it.
package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// programs maps the first argument to what runs; each reads the rest of os.Args itself.
var programs = map[string]func(){
	"apiserver":   component(apiserver.NewAPIServerCommand),
	"controllers": component(controllers.NewControllerManagerCommand),
	"dns":         dns,
	"key":         ours(keyCommand),
	"kubelet":     component(newKubelet),
	"provider":    ours(providerCommand),
	"proxy":       component(proxy.NewProxyCommand),
	"scheduler":   component(newScheduler),
}

func main() {
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		names := make([]string, 0, len(programs))
		for name := range programs {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Fprintf(os.Stderr, "usage: %s %s ...\n", os.Args[0], strings.Join(names, "|"))
		os.Exit(2)
	}
	program := programs[os.Args[1]]
	os.Args = append(os.Args[:1], os.Args[2:]...)
	program()
}

func component(command func() *cobra.Command) func() {
	return func() { os.Exit(cli.Run(command())) }
}

func newKubelet() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) }

func newScheduler() *cobra.Command { return scheduler.NewSchedulerCommand() }

// ours runs a program of this module, whose errors end it.
func ours(program func(arguments []string) error) func() {
	return func() {
		if err := program(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
