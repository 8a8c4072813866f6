package main

import (
	"context"
	"flag"
	"log"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// provider is what a cloud does for a cluster: it gives claims volumes and services addresses.
type provider struct {
	client    kubernetes.Interface
	volumes   *volumes
	addresses *addresses
}

// retry is how long it waits after an error, and how often it looks again without any news.
const retry = 2 * time.Second

func providerCommand(arguments []string) error {
	flags := flag.NewFlagSet("provider", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "how to reach the cluster")
	folder := flags.String("volumes", "", "where volumes are made")
	addressRange := flags.String("addresses", "", "the range of published addresses, as 10.0.1.0/24")
	listen := flags.String("registry", "", "where the registry of images answers")
	images := flags.String("images", "", "the folder with image.tar and names")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	_, published, err := net.ParseCIDR(*addressRange)
	if err != nil {
		return err
	}
	context, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go serve(*listen, &registry{folder: *images})
	provider := provider{
		client:    client,
		volumes:   &volumes{client: client, folder: *folder},
		addresses: &addresses{client: client, published: published},
	}
	return provider.run(context)
}

func serve(address string, handler http.Handler) {
	log.Fatal(http.ListenAndServe(address, handler))
}

// run looks at everything again whenever anything it depends on changes.
func (p *provider) run(context context.Context) error {
	changed := make(chan struct{}, 1)
	factory := informers.NewSharedInformerFactory(p.client, 0)
	core := factory.Core().V1()
	p.volumes.claims = core.PersistentVolumeClaims().Lister()
	p.volumes.existing = core.PersistentVolumes().Lister()
	p.addresses.services = core.Services().Lister()
	for _, informer := range []cache.SharedIndexInformer{
		core.PersistentVolumeClaims().Informer(),
		core.PersistentVolumes().Informer(),
		core.Services().Informer(),
	} {
		if _, err := informer.AddEventHandler(notify(changed)); err != nil {
			return err
		}
	}
	factory.Start(context.Done())
	factory.WaitForCacheSync(context.Done())
	for {
		select {
		case <-context.Done():
			return nil
		case <-changed:
		case <-time.After(retry):
		}
		p.look(context)
	}
}

func (p *provider) look(context context.Context) {
	if err := p.volumes.look(context); err != nil {
		log.Printf("volumes: %v", err)
	}
	if err := p.addresses.look(context); err != nil {
		log.Printf("addresses: %v", err)
	}
}

// notify puts at most one piece of news into the channel: the one who reads looks at everything.
func notify(changed chan<- struct{}) cache.ResourceEventHandler {
	tell := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { tell() },
		UpdateFunc: func(any, any) { tell() },
		DeleteFunc: func(any) { tell() },
	}
}
