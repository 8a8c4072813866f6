package main

import (
	"bytes"
	"context"
	"net"
	"sort"
	"strings"
	"time"
)

// resolver is what /etc/resolv.conf says.
type resolver struct {
	Servers []string `json:"servers"`
	Search  []string `json:"search"`
	Options []string `json:"options"`
}

func readResolver() resolver {
	var found resolver
	for _, row := range strings.Split(line("/etc/resolv.conf"), "\n") {
		parts := strings.Fields(row)
		if len(parts) < 2 {
			continue
		}
		switch parts[0] {
		case "nameserver":
			found.Servers = append(found.Servers, parts[1])
		case "search":
			found.Search = parts[1:]
		case "options":
			found.Options = append(found.Options, parts[1:]...)
		}
	}
	return found
}

// hosts are the addresses of names in /etc/hosts.
func hosts() map[string]string {
	found := map[string]string{}
	for _, row := range strings.Split(line("/etc/hosts"), "\n") {
		parts := strings.Fields(strings.SplitN(row, "#", 2)[0])
		for _, name := range parts[min(1, len(parts)):] {
			if _, known := found[name]; !known {
				found[name] = parts[0]
			}
		}
	}
	return found
}

// resolve tries each name until it has an address or the time is over; none is an empty list.
func resolve(wanted []string, end time.Time) map[string][]string {
	found := map[string][]string{}
	for _, name := range wanted {
		found[name] = []string{}
	}
	for again := true; again; {
		again = false
		for _, name := range wanted {
			if len(found[name]) == 0 {
				found[name] = lookUp(name)
				again = again || len(found[name]) == 0 && time.Now().Before(end)
			}
		}
		time.Sleep(200 * time.Millisecond)
	}
	return found
}

func lookUp(name string) []string {
	limited, stop := context.WithTimeout(context.Background(), limit)
	defer stop()
	found, err := net.DefaultResolver.LookupHost(limited, name)
	if err != nil {
		return []string{}
	}
	sort.Strings(found)
	return found
}

// ask tries each address until it answers or the time is over; none is an empty text.
func ask(urls []string, end time.Time) map[string]string {
	found := map[string]string{}
	for _, url := range urls {
		for found[url] = ""; found[url] == ""; {
			var body bytes.Buffer
			if get(url, &body) == nil {
				found[url] = strings.TrimSpace(body.String())
			}
			if time.Now().After(end) {
				break
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
	return found
}
