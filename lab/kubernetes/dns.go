package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
)

func init() {
	// The order in which a query passes them; only these are compiled in.
	dnsserver.Directives = []string{"bind", "errors", "ready", "kubernetes"}
}

// dns is CoreDNS with the plugins a cluster without an outside needs.
func dns() { coremain.Run() }
