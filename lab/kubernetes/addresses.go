package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
)

// addresses gives each service of type LoadBalancer an address of its own. The machine routes
// the range to the first node, where kube-proxy answers for it.
type addresses struct {
	client    kubernetes.Interface
	services  listers.ServiceLister
	published *net.IPNet
}

func (a *addresses) look(context context.Context) error {
	services, err := a.services.List(labels.Everything())
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, service := range services {
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			taken[ingress.IP] = true
		}
	}
	var failed []error
	for _, service := range services {
		if service.Spec.Type == core.ServiceTypeLoadBalancer && isWithout(service) {
			failed = append(failed, a.give(context, service, taken))
		}
	}
	return errors.Join(failed...)
}

func isWithout(service *core.Service) bool {
	return len(service.Status.LoadBalancer.Ingress) == 0 && service.DeletionTimestamp == nil
}

func (a *addresses) give(context context.Context, service *core.Service, taken map[string]bool) error {
	address, err := a.free(taken)
	if err != nil {
		return err
	}
	taken[address] = true
	changed := service.DeepCopy()
	changed.Status.LoadBalancer.Ingress = []core.LoadBalancerIngress{{IP: address}}
	services := a.client.CoreV1().Services(service.Namespace)
	_, err = services.UpdateStatus(context, changed, meta.UpdateOptions{})
	return err
}

// free is the first address of the /24 that no service has.
func (a *addresses) free(taken map[string]bool) (string, error) {
	first := a.published.IP.To4()
	for last := 1; last < 255; last++ {
		address := net.IPv4(first[0], first[1], first[2], byte(last)).String()
		if !taken[address] {
			return address, nil
		}
	}
	return "", fmt.Errorf("no address of %s is free", a.published)
}
